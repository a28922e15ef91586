"""Actors of audit: the daily check of a tenant's chain against its signed heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter

from jobs.actor import actor
from services import audit, audit_checks
from services.audit import SignedHead
from services.audit_checks import CheckAudit

if TYPE_CHECKING:
    from jobs.actor import Run

CHECKS = Counter("kezhi_audit_checks_total", "Audit chains that were checked, by what was found.", ("found",))


@actor(CheckAudit)
async def check_audit(run: Run, _message: CheckAudit) -> None:
    """A new day began."""
    rows = await run.installation.catalog.audit_heads(run.placement.tenant_id)
    examined = await audit.examine(run.placement.tenant_id, [SignedHead.of(row) for row in rows])
    found = await run.read(lambda work: audit.verify(work, examined))
    await run.write(lambda work: audit_checks.report(work, found))
    CHECKS.labels("whole" if found.holds else "broken").inc()
