"""Keeps the roll-ups of records when what they look at on the many side was written, in the same transaction.

The records that keep them are locked before, in the order of their ids, and computed from scratch in a later statement:
of two writers the later one counts what the earlier one wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from services import metadata, permissions
from services.events import Kind
from services.records import derivation, locks, statements, stored
from services.records.reactions import on_any_written
from services.records.targets import Target
from tenants.sql import Slot, ident, join, render, sql, value

if TYPE_CHECKING:
    from schema.metadata.registry import Registry, Shape
    from services.metadata import RollUp
    from services.records.reactions import WrittenSet
    from services.records.relations import Draft
    from services.records.statements import Headed
    from services.records.stored import Column
    from tenants.context import Work
    from tenants.sql import Fragment, Template

_EVERYTHING: Final = None


def heads_over(target: Target, names: Collection[str] | None = _EVERYTHING) -> tuple[Headed, ...]:
    """What is to be locked before records of this object: where these fields of them are rolled up."""
    over = metadata.roll_ups_over(target.registry.shape, target.name)
    found = {(each.object_name, each.relation) for each in over if names is None or not each.watched.isdisjoint(names)}
    return tuple(sorted(found))


def joining(heads: Sequence[Headed], drafts: Mapping[UUID, Draft]) -> dict[str, set[UUID]]:
    """By relation, the heads that records are to have after these drafts."""
    return {
        name: {each for draft in drafts.values() if isinstance(each := draft.values.get(name), UUID)}
        for _, name in heads
    }


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
        await _keep(await _target(work, registry, object_name), wanted, _affected(wanted, written))


async def _look_again(work: Work, registry: Registry, written: WrittenSet) -> None:
    """While a record lay in the bin, nobody kept what is derived of others up to date."""
    target = await _target(work, registry, written.object_name)
    own = metadata.roll_ups_of(registry.shape, written.object_name)
    if own:
        await _keep(target, own, _Affected(frozenset(written.ids)))
    links = [field.name for field in target.stored_fields.values() if field.relation is not None]
    await derivation.recompute_formulas(target, written.ids, links)


def _is_touched(roll_up: RollUp, written: WrittenSet) -> bool:
    if written.kind not in {Kind.UPDATED, Kind.DERIVED}:
        return True
    return any(not roll_up.watched.isdisjoint(deed.changes) for deed in written.deeds)


@dataclass(frozen=True, slots=True)
class _Affected:
    """Heads that are known, and by relation those of written records that are to be asked for theirs."""

    heads: frozenset[UUID]
    lines: tuple[UUID, ...] = ()
    object_name: str = ""
    relations: tuple[str, ...] = ()


def _affected(wanted: Sequence[RollUp], written: WrittenSet) -> _Affected:
    """The records that these are rolled up in, and those that they left."""
    heads: set[object] = set()
    lines: set[UUID] = set()
    asked: list[str] = []
    for relation in dict.fromkeys(each.relation for each in wanted):
        moved = written.moved(relation)
        heads.update(each for pair in moved.values() for each in pair)
        others = [] if written.kind is Kind.CREATED else [each for each in written.ids if each not in moved]
        if others:
            asked.append(relation)
            lines.update(others)
    known = frozenset(each for each in heads if isinstance(each, UUID))
    return _Affected(known, tuple(sorted(lines)), written.object_name, tuple(asked))


async def _keep(target: Target, wanted: Sequence[RollUp], affected: _Affected) -> None:
    names = [each.field.name for each in wanted]
    fields = {field.name: field for field in derivation.looked_at(target, names)}
    columns = stored.columns_of(fields.values())
    session, shape = target.work.session, target.registry.shape
    template = _template(shape, tuple(wanted), columns, affected.object_name, affected.relations)
    given = {
        "heads": sorted(affected.heads),
        "lines": affected.lines,
        **metadata.roll_up_parameters(target.work, template),
    }
    bound = template.bound(session.schema, given, target.registry.physical)
    rows = await session.fetch(bound)
    found = {row["id"] for row in rows}
    if not found <= session.held:
        # Locked by this look at last: what others wrote while it waited, the next one sees.
        session.held |= found
        rows = await session.fetch(bound)
    locked = {each.id: each for each in locks.read(rows, fields, columns)}
    computed = {row["id"]: metadata.roll_ups_in(wanted, row) for row in rows}
    await derivation.keep(target, locked, computed, names)


async def _target(work: Work, registry: Registry, object_name: str) -> Target:
    return Target(work, registry, await permissions.policy(work), registry.shape.objects[object_name])


# --- statements -------------------------------------------------------------------------------------------------------

_templates: WeakKeyDictionary[Shape, dict[object, Template]] = WeakKeyDictionary()


def _template(
    shape: Shape, wanted: tuple[RollUp, ...], columns: tuple[Column, ...], child: str, relations: tuple[str, ...]
) -> Template:
    made = _templates.setdefault(shape, {})
    key = (wanted[0].object_name, *(each.field.name for each in wanted), child, relations)
    if key not in made:
        made[key] = render(_statement(wanted, columns, child, relations))
    return made[key]


def _statement(
    wanted: tuple[RollUp, ...], columns: tuple[Column, ...], child: str, relations: tuple[str, ...]
) -> Fragment:
    """The heads, locked in the order of their ids, with what they hold and what is to be held."""
    head = wanted[0].object_name
    return sql(
        "WITH entered AS ({entering}), wanted AS (SELECT unnest({heads}) AS id{more}), locked AS ("
        "SELECT record.id, record.version, record.deletion_id{held} FROM {table} AS record"
        " WHERE record.id IN (SELECT id FROM wanted) AND record.deleted_at IS NULL ORDER BY record.id"
        " FOR NO KEY UPDATE OF record) SELECT locked.*, {columns} FROM locked{sums}",
        entering=statements.entering(head),
        heads=value("heads", "uuid[]"),
        more=join("", (_of_lines(child, each) for each in relations)),
        held=statements.held(head, columns),
        table=statements.table(head),
        columns=metadata.roll_up_columns(wanted),
        sums=metadata.roll_up_tables(wanted, sql("locked.id")),
    )


def _of_lines(child: str, relation: str) -> Fragment:
    return sql(
        " UNION ALL SELECT {relation} FROM {table} WHERE id = ANY({lines})",
        relation=ident(Slot(child, relation)),
        table=statements.table(child),
        lines=value("lines", "uuid[]"),
    )
