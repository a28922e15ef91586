"""Keeps the roll-ups of records when what they look at on the many side was written, in the same transaction.

The records that keep them are locked in the order of their ids before anything is computed; it is computed from scratch,
so that of two writers the later one counts what the earlier one wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services import metadata, permissions
from services.events import Kind
from services.records import statements
from services.records.derivation import derive, recompute_formulas
from services.records.reactions import on_any_written
from services.records.targets import Target
from tenants.sql import Slot, ident, render, sql, value

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from services.metadata import RollUp
    from services.records.reactions import WrittenSet
    from tenants.context import Work
    from tenants.sql import Template

_TEMPLATES: Final = 256


async def hold_heads(target: Target, ids: Collection[UUID], names: Collection[str] | None = None) -> None:
    """Lock the records that keep roll-ups of these, before these are locked: who deletes a record locks it before its children.

    With names, only where these fields are rolled up. A record that comes to another head while we look is locked late.
    """
    over = metadata.roll_ups_over(target.registry.shape, target.name)
    heads = {(each.object_name, each.relation) for each in over if names is None or not each.watched.isdisjoint(names)}
    for object_name, relation in sorted(heads):
        template = _held(target.name, object_name, relation)
        values = {"ids": sorted(ids)}
        await target.work.session.fetch(template.bound(target.work.session.schema, values, target.registry.physical))


@on_any_written
async def keep_roll_ups(work: Work, written: WrittenSet) -> None:
    """Compute anew what is rolled up of these records. Destroyed ones were deleted before and count no more."""
    if written.kind is Kind.DESTROYED:
        return
    registry = await metadata.registry(work)
    if written.kind is Kind.RESTORED:
        await _look_again(work, registry, written)
    by_head: defaultdict[str, list[RollUp]] = defaultdict(list)
    for each in metadata.roll_ups_over(registry.shape, written.object_name):
        if _is_touched(each, written):
            by_head[each.object_name].append(each)
    for object_name, wanted in by_head.items():
        await _derive(work, registry, object_name, await _heads(work, registry, wanted, written), wanted)


async def _look_again(work: Work, registry: Registry, written: WrittenSet) -> None:
    """While a record lay in the bin, nobody kept what is derived of others up to date."""
    own = metadata.roll_ups_of(registry.shape, written.object_name)
    if own:
        await _derive(work, registry, written.object_name, written.ids, own)
    target = Target(work, registry, await permissions.policy(work), registry.shape.objects[written.object_name])
    links = [field.name for field in target.stored_fields.values() if field.relation is not None]
    await recompute_formulas(target, written.ids, links)


async def _derive(
    work: Work, registry: Registry, object_name: str, ids: Collection[UUID], wanted: Sequence[RollUp]
) -> None:
    async def compute(locked: Collection[UUID]) -> Mapping[UUID, Mapping[str, object]]:
        return await metadata.roll_up_values(work, registry, wanted, locked)

    await derive(work, object_name, ids, compute, fields=[each.field.name for each in wanted])


def _is_touched(roll_up: RollUp, written: WrittenSet) -> bool:
    if written.kind not in {Kind.UPDATED, Kind.DERIVED}:
        return True
    return any(not roll_up.watched.isdisjoint(deed.changes) for deed in written.deeds)


async def _heads(work: Work, registry: Registry, wanted: Sequence[RollUp], written: WrittenSet) -> set[UUID]:
    """The records that these are rolled up in, and those that they left."""
    found: set[object] = set()
    for relation in dict.fromkeys(each.relation for each in wanted):
        moved = written.moved(relation)
        found.update(each for pair in moved.values() for each in pair)
        others = [] if written.kind is Kind.CREATED else [each for each in written.ids if each not in moved]
        if others:
            template = _pointed_at(written.object_name, relation)
            bound = template.bound(work.session.schema, {"ids": others}, registry.physical)
            found.update(row["id"] for row in await work.session.fetch(bound))
    return {each for each in found if isinstance(each, UUID)}


# --- statements -------------------------------------------------------------------------------------------------------


@lru_cache(_TEMPLATES)
def _held(object_name: str, head: str, relation: str) -> Template:
    return render(
        sql(
            "WITH entered AS ({entering}), entered_too AS ({entering_too}), wanted AS (SELECT {relation} AS id FROM {table}"
            " WHERE id = ANY({ids})), locked AS (SELECT record.id FROM {head} AS record WHERE record.id IN (SELECT id FROM wanted)"
            " ORDER BY record.id FOR NO KEY UPDATE OF record) SELECT count(*) FROM locked",
            entering=statements.entering(object_name),
            entering_too=statements.entering(head),
            relation=ident(Slot(object_name, relation)),
            table=statements.table(object_name),
            head=statements.table(head),
            ids=value("ids", "uuid[]"),
        )
    )


@lru_cache(_TEMPLATES)
def _pointed_at(object_name: str, relation: str) -> Template:
    return render(
        sql(
            "SELECT DISTINCT {relation} AS id FROM {table} WHERE id = ANY({ids}) AND {relation} IS NOT NULL",
            relation=ident(Slot(object_name, relation)),
            table=statements.table(object_name),
            ids=value("ids", "uuid[]"),
        )
    )
