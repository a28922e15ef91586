"""Two snapshots become rows: what is new is inserted, what differs is updated. Nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata import insertion, rows, rule_rows
from schema.metadata.errors import VersionConflict
from schema.tables.metadata import choice_option, field_definition, index_definition, object_definition, validation_rule

if TYPE_CHECKING:
    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork

Row = dict[str, object]
# In the order of their foreign keys.
_TABLES: tuple[sa.Table, ...] = (object_definition, field_definition, choice_option, index_definition, validation_rule)


async def save(work: DefinitionWork, before: Snapshot, after: Snapshot) -> None:
    """Bring the rows from one snapshot to the other."""
    old, new = rows_of(before), rows_of(after)
    for table in _TABLES:
        mine, theirs = new[table.name], old[table.name]
        added = [row for row_id, row in mine.items() if row_id not in theirs]
        if added:
            await work.session.run(insertion.bound(work.session.schema, table.name, added))
        changed = [row_id for row_id, row in mine.items() if row_id in theirs and row != theirs[row_id]]
        if changed and table is choice_option:
            # All at once: one that takes another place moves every one that follows.
            moved = [mine[each] for each in changed]
            await work.session.run(insertion.bound_change(work.session.schema, table.name, moved))
        else:
            for each in changed:
                await work.session.execute(_update(table, each, mine[each], theirs[each], work))


async def require_version(work: DefinitionWork, table: sa.Table, row_id: UUID, if_version: int | None) -> None:
    """Refuse a change that goes by another version; `state` is locked, so the version stays until the commit."""
    if if_version is None:
        return
    version = await work.session.scalar(sa.select(table.c.version).where(table.c.id == row_id))
    if version != if_version:
        raise VersionConflict(version=version)


def _update(table: sa.Table, row_id: UUID, row: Row, before: Row, work: DefinitionWork) -> sa.Update:
    values = {name: value for name, value in row.items() if value != before[name]}
    if "version" in table.c:
        values |= {"version": table.c.version + 1, "updated_at": work.now}
    if "retired_at" in table.c and values.get("state") in {"retired", "live", "building"}:
        values["retired_at"] = work.now if values["state"] == "retired" else None
    return sa.update(table).where(table.c.id == row_id).values(**values)


def rows_of(snapshot: Snapshot) -> Mapping[str, Mapping[UUID, Row]]:
    """The rows of everything, by table and id."""
    found: dict[str, dict[UUID, Row]] = {table.name: {} for table in _TABLES}
    for thing in snapshot.objects:
        found["object_definition"][thing.id] = rows.object_row(thing)
        found["index_definition"] |= {each.id: rows.index_row(thing.id, thing.table, each) for each in thing.indexes}
        found["validation_rule"] |= {each.id: rule_rows.rule_row(thing.id, each) for each in thing.validation}
        for field in thing.fields:
            found["field_definition"][field.id] = rows.field_row(thing.id, field)
            found["choice_option"] |= {
                each.id: rows.choice_row(field.id, each, position) for position, each in enumerate(field.choices)
            }
    return found
