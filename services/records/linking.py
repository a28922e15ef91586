"""Links that records lose when what they point at goes away, remembered in its history so that they can come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.events import Kind
from services.records import locks, scopes, statements, stored
from services.records.derivation import recompute_formulas
from services.records.locks import LockedRecord, Wanted
from services.records.reactions import react
from services.records.statements import Life
from services.records.trace import Deed
from services.records.writing import write_locked
from tenants.sql import SCHEMA, render, sql, value

if TYPE_CHECKING:
    from services.records.removal import Link
    from services.records.targets import Target

_UNLINKED = "unlinked"
_REMEMBERED = render(
    sql(
        "SELECT DISTINCT ON (record_id) record_id, changes -> 'unlinked' AS unlinked FROM {schema}.record_history"
        " WHERE record_id = ANY({ids}) AND verb = 'deleted' ORDER BY record_id, version DESC",
        schema=SCHEMA,
        ids=value("ids", "uuid[]"),
    )
)


def notes(links: Iterable[Link]) -> dict[UUID, dict[str, object]]:
    """For each record that goes away, who loses the link to it."""
    lost: dict[UUID, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        place = (link.dependency.child.name, link.dependency.field.name)
        lost[link.parent][place].append(str(link.record.id))
    return {
        parent: {_UNLINKED: [{"object": name, "field": field, "ids": ids} for (name, field), ids in places.items()]}
        for parent, places in lost.items()
    }


async def unlink(links: Sequence[Link], life: Life) -> None:
    """Empty these links."""
    children: dict[str, Target] = {}
    records: dict[str, dict[UUID, LockedRecord]] = defaultdict(dict)
    moves: dict[str, dict[UUID, dict[str, tuple[object, object]]]] = defaultdict(lambda: defaultdict(dict))
    for link in links:
        child = link.dependency.child
        children[child.name] = child
        records[child.name][link.record.id] = link.record
        moves[child.name][link.record.id][link.dependency.field.name] = (link.parent, None)
    for name, child in children.items():
        await _move(child, records[name], moves[name], life)


async def relink(target: Target, restored: Sequence[UUID]) -> None:
    """Give links back to records that are still there and still point nowhere."""
    bound = _REMEMBERED.bound(target.work.session.schema, {"ids": sorted(restored)})
    for row in await target.work.session.fetch(bound):
        for place in row["unlinked"] or ():
            thing = target.registry.shape.objects.get(place["object"])
            if thing is not None and place["field"] in (child := target.beside(thing.name)).stored_fields:
                await _point_again(child, place["field"], row["record_id"], [UUID(each) for each in place["ids"]])


async def _point_again(child: Target, field_name: str, parent: UUID, ids: Sequence[UUID]) -> None:
    locked = await locks.lock(child, ids, (child.stored_fields[field_name],), Wanted())
    free = {each: record for each, record in locked.items() if record.values[field_name] is None}
    await _move(child, free, {each: {field_name: (None, parent)} for each in free}, Life.LIVE)


async def _move(
    child: Target,
    records: Mapping[UUID, LockedRecord],
    moves: Mapping[UUID, Mapping[str, tuple[object, object]]],
    life: Life,
) -> None:
    if not moves:
        return
    # One statement for each set of fields: what a record does not lose is not read, so it is not written either.
    by_fields: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for each, move in moves.items():
        by_fields[tuple(sorted(move))].append(each)
    for names, ids in by_fields.items():
        fields = {name: child.stored_fields[name] for name in names}
        columns = stored.columns_of(fields.values())
        deeds = [Deed(each, records[each].version + 1, moves[each]) for each in ids]
        rows = [
            {
                "id": str(deed.id),
                "version": deed.version - 1,
                **stored.row(fields, columns, {name: new for name, (_, new) in deed.changes.items()}),
            }
            for deed in deeds
        ]
        template = statements.change(child.name, columns, scopes.EVERYWHERE, life)
        written = await write_locked(child, template, Kind.UPDATED, deeds, rows)
        await recompute_formulas(child, written.ids, names)
        await react(child.work, written)
