"""What the audit of a tenant says of operators."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tenants.context import SYSTEM, Origin
from tenants.installation import Installation

if TYPE_CHECKING:
    from tenants.settings import Settings

ACCOUNT = f"kezhi by {pwd.getpwuid(os.geteuid()).pw_name}"


async def entries_of(settings: Settings, slug: str, actions: str) -> list[tuple[str, str, str]]:
    """Action, kind of principal and program of the entries whose actions begin so, in order."""
    said = sa.select(audit_entry).where(audit_entry.c.action.startswith(actions)).order_by(audit_entry.c.id)
    async with Installation.open(settings) as installation:
        placement = await installation.catalog.placement_by_slug(slug)
        assert placement is not None
        rows = await installation.transactions.read(
            placement, SYSTEM, Origin("test"), lambda work: work.session.rows(said)
        )
    return [(row["action"], row["principal_kind"], row["agent"]) for row in rows]
