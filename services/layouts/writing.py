"""The one place where a layout is written: its row, the audit entry, and the publication that leads back to what it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from schema.tables.layouts import layout
from schema.tables.permissions import role
from services import audit, metadata
from services.metadata import RowChange

if TYPE_CHECKING:
    from tenants.context import Work

_PLACE = ("object_name", "role_id", "stage_field", "stage")
_COLUMNS = (*_PLACE, "sections")


@dataclass(frozen=True, slots=True)
class Written:
    """A layout as it was and as it is to be; nothing where it is not there."""

    layout_id: UUID
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def action(self) -> str:
        """What the audit calls it."""
        if self.before is None:
            return "layout.created"
        return "layout.deleted" if self.after is None else "layout.updated"


def columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a layout says, without when and how often it was changed."""
    return {name: row[name] for name in _COLUMNS}


def is_gathered(work: Work, place: Mapping[str, object]) -> bool:
    """Whether a layout for this place is among what is gathered and not there yet."""
    gathered = metadata.gathered_by(work)
    made = () if gathered is None else (each.after for each in gathered.others if each.table == layout.name)
    return any(after is not None and all(after[name] == value for name, value in place.items()) for after in made)


async def write(work: Work, written: Written) -> None:
    """Insert, change or delete the row; a rehearsal only remembers that it would be."""
    gathered = metadata.gathered_by(work)
    held = written.after or written.before or {}
    # Of one that is arranged anew its place says nothing new.
    said = ("object_name",) if written.before and written.after else _PLACE
    details = {name: held[name] for name in said}
    entry = audit.Entry(written.action, "layout", written.layout_id, details=details)
    if gathered is None or not gathered.rehearses:
        await work.session.execute(_statement(work, written))
        await audit.append(work, [entry])
    place = held["object_name"], "", held["stage"]
    await metadata.keep_row(
        work, RowChange(layout.name, written.layout_id, written.before, written.after, *place), entry
    )


async def put_back(work: Work, change: RowChange) -> bool:
    """Let a layout be as it was before a change; false where its role is there no longer."""
    present = await work.session.row(sa.select(layout).where(layout.c.id == change.id))
    now = None if present is None else columns(dict(present))
    wanted = change.before
    if wanted is not None and wanted["role_id"] is not None:
        wanted = {**wanted, "role_id": UUID(str(wanted["role_id"]))}
        known = sa.select(role.c.id).where(role.c.id == wanted["role_id"])
        if await work.session.scalar(known) is None:
            return False
    if wanted == now:
        return True
    await write(work, Written(change.id, now, wanted))
    return True


def _statement(work: Work, written: Written) -> sa.Insert | sa.Update | sa.Delete:
    mine = layout.c.id == written.layout_id
    if written.after is None:
        return sa.delete(layout).where(mine)
    if written.before is None:
        return sa.insert(layout).values(id=written.layout_id, **written.after, created_at=work.now, updated_at=work.now)
    changed = {**written.after, "version": layout.c.version + 1, "updated_at": work.now}
    return sa.update(layout).where(mine).values(**changed)
