"""Numbers for what was committed: the tenant's feed of change rows, and the hash chain of its audit entries.

Called by the sequencer alone, inside a transaction that its lease fences; both may be called again at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import audit
from services.audit import Head
from services.sequencing import statements
from services.sequencing.ordering import Unsequenced, arrange
from services.sequencing.statements import AT_ONCE

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.session import Session

__all__ = ["AT_ONCE", "link_entries", "number_changes"]


async def number_changes(session: Session) -> int:
    """The next numbers for change rows."""
    rows = await session.rows(statements.unsequenced_changes())
    if not rows:
        return 0
    last = await session.scalar(statements.last_change())
    order = arrange([Unsequenced(row["id"], row["record_id"], row["version"]) for row in rows])
    return await session.execute(statements.number_changes(order, first=(last or 0) + 1))


async def link_entries(session: Session, tenant_id: UUID) -> tuple[int, Head]:
    """The next links of the audit chain; how many, and the head after them."""
    last = await session.row(statements.last_entry())
    head = Head(last["seq"], last["hash"]) if last else audit.origin(tenant_id)
    rows = {row["id"]: row for row in await session.rows(statements.unsequenced_entries())}
    if not rows:
        return 0, head
    order = arrange([Unsequenced(row["id"], row["record_id"], row["record_version"]) for row in rows.values()])
    before: list[Head] = []
    for entry_id in order:
        before.append(head)
        head = audit.follow(head, rows[entry_id]["body"])
    linked = await session.execute(statements.link_entries(order, before=before, after=[*before[1:], head]))
    return linked, head
