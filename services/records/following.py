"""Lines go to the new owner of their head in the write that gives it away: else its former owner would go on having them.

Those in the bin go along, for they may come back. Lines that belong to somebody else than the head stay his.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from services.events import Kind
from services.records import scopes, statements, stored
from services.records.derivation import recompute_formulas
from services.records.reactions import react
from services.records.statements import Life
from services.records.targets import LARGEST_SET
from services.records.trace import Deed
from services.records.writing import write_locked
from tenants.sql import Slot, ident, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import asyncpg

    from services.records.reactions import WrittenSet
    from services.records.targets import Target
    from tenants.sql import Template

_TEMPLATES = 256


async def follow(target: Target, written: WrittenSet) -> None:
    """Give the lines of heads whose owner moved to the new one, so many at a time as one statement may write."""
    moved = written.moved(target.object.owner_field)
    if not moved:
        return
    for inverse in target.object.line_tables:
        lines = target.beside(inverse.object_name)
        if lines.object.owner_field in lines.stored_fields:
            # Those that were given away are not found again.
            while found := await _left_behind(lines, inverse.field_name, moved):
                await _give(lines, found)


async def _left_behind(
    lines: Target, head: str, moved: Mapping[UUID, tuple[object, object]]
) -> Sequence[asyncpg.Record]:
    session = lines.work.session
    values = {
        "heads": list(moved),
        "old": [old for old, _ in moved.values()],
        "new": [new for _, new in moved.values()],
        "most": LARGEST_SET,
    }
    template = _behind(lines.name, head, lines.object.owner_field)
    return await session.fetch(template.bound(session.schema, values, lines.registry.physical))


async def _give(lines: Target, found: Sequence[asyncpg.Record]) -> None:
    name = lines.object.owner_field
    fields = {name: lines.stored_fields[name]}
    columns = stored.columns_of(fields.values())
    deeds = [Deed(row["id"], row["version"] + 1, {name: (row["old"], row["new"])}) for row in found]
    rows = [
        {"id": str(row["id"]), "version": row["version"], **stored.row(fields, columns, {name: row["new"]})}
        for row in found
    ]
    template = statements.change(lines.name, columns, scopes.EVERYWHERE, Life.ANY, owner=0)
    written = await write_locked(lines, template, Kind.UPDATED, deeds, rows)
    await recompute_formulas(lines, written.ids, (name,))
    await react(lines.work, written)


@lru_cache(_TEMPLATES)
def _behind(object_name: str, head: str, owner: str) -> Template:
    return render(
        sql(
            "WITH entered AS ({entering}), locked AS (SELECT record.id, record.version, moved.old, moved.new"
            " FROM {table} AS record JOIN unnest({heads}, {old}, {new}) AS moved (head, old, new)"
            " ON record.{head} = moved.head WHERE record.{owner} IS NOT DISTINCT FROM moved.old"
            " AND moved.new IS DISTINCT FROM moved.old ORDER BY record.id LIMIT {most} FOR NO KEY UPDATE OF record)"
            " SELECT * FROM locked ORDER BY id",
            entering=statements.entering(object_name),
            table=statements.table(object_name),
            heads=value("heads", "uuid[]"),
            old=value("old", "uuid[]"),
            new=value("new", "uuid[]"),
            head=ident(Slot(object_name, head)),
            owner=ident(Slot(object_name, owner)),
            most=value("most", "bigint"),
        )
    )
