"""The daily check of a tenant's audit chain: what it found is kept, logged, counted, and told to every administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from schema.tables.permissions import role, role_member, user
from services import audit, notifications
from services.messages import BULK, Message
from services.notifications import Notice

if TYPE_CHECKING:
    from uuid import UUID

    from services.audit import Break, Verification
    from tenants.context import Work

_KIND = "audit.broken"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CheckAudit(Message):
    """Read the whole chain again and compare it with its signed heads."""

    name = "audit.check"
    queue = BULK


async def report(work: Work, found: Verification) -> None:
    """Keep and tell what a check found. May run twice: an administrator is told of one break once a day."""
    first = found.first
    details: dict[str, object] = {"entries": found.entries, "heads": found.heads, "breaks": len(found.breaks)}
    if first is not None:
        details |= {"first": first.seq, "reason": first.reason}
        _log.error("audit.broken", tenant=work.placement.schema, **details)
        administrators = [row["id"] for row in await work.session.rows(_administrators())]
        await notifications.notify(work, [_notice(work, each, first) for each in administrators])
    await audit.append(work, [audit.Entry("audit.checked", "auditEntry", details=details)])


def _notice(work: Work, user_id: UUID, first: Break) -> Notice:
    return Notice(
        user_id=user_id,
        kind=_KIND,
        title_zh=f"审计记录不完整：第 {first.seq} 条与原样不符",
        title_en=f"The audit chain does not hold from entry {first.seq}: it {first.reason}",
        dedup_key=f"{_KIND}:{user_id}:{first.seq}:{work.now.date()}",
        object_name="auditEntry",
    )


def _administrators() -> sa.Select[UUID]:
    held = role_member.join(role, role.c.id == role_member.c.role_id).join(user, user.c.id == role_member.c.user_id)
    administrators = sa.select(user.c.id).select_from(held).where(role.c.is_admin, user.c.state == "active")
    return administrators.distinct().order_by(user.c.id)
