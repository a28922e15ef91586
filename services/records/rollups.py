"""Keeps the roll-ups of records when what they look at on the many side was written, in the same transaction.

The records that keep them are locked before, in the order of their ids, and computed from scratch: of two writers the
later one counts what the earlier one wrote. Where one head is concerned, as where a line is written, it is computed by the
very statement that writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services import metadata, permissions
from services.events import Kind
from services.records import carried, derivation, locks, stored, summed
from services.records.reactions import WrittenSet, on_any_written
from services.records.statements import ALONE
from services.records.targets import Target
from services.records.writing import refuse_missing, write

if TYPE_CHECKING:
    from collections.abc import Hashable

    import asyncpg

    from schema.metadata.fields import Field
    from schema.metadata.registry import Registry
    from services.metadata import RollUp
    from services.records.lock_statements import Headed
    from services.records.locks import LockedRecord
    from services.records.relations import Draft
    from services.records.statements import Along
    from services.records.summed import Look
    from services.records.trace import Deed
    from tenants.context import Work
    from tenants.sql import Template

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


# --- in the statement that writes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """What the statement that writes lines computes beside, for the one head that they have or had."""

    kind: Kind
    head: UUID | None = None
    heads: Target | None = None
    look: Look | None = None
    wanted: tuple[RollUp, ...] = ()

    @property
    def along(self) -> Along:
        """What the statement does beside."""
        return ALONE if self.look is None else self.look.along

    def values(self) -> dict[Hashable, object]:
        """What the statement asks for beside, each time it runs."""
        if self.look is None or self.heads is None:
            return {}
        asked = {summed.HEAD: self.head, **metadata.roll_up_parameters(self.heads.work, self.look.keys)}
        return {**asked, **carried.values_of(self.heads)} if self.look.is_carried else asked

    @property
    def kept(self) -> frozenset[tuple[str, str]]:
        """The roll-ups that need no other look."""
        return frozenset((each.object_name, each.field.name) for each in self.wanted)


def beside(target: Target, kind: Kind, deeds: Sequence[Deed], locked: Mapping[UUID, LockedRecord]) -> Beside:
    """What the statement that does these deeds computes; nothing where several heads move, or one that is not held yet."""
    over = metadata.roll_ups_over(target.registry.shape, target.name)
    wanted = tuple(each for each in over if _is_touched(each, kind, deeds))
    if len({each.object_name for each in wanted}) != 1:
        return Beside(kind)
    heads = _known_heads({each.relation for each in wanted}, kind, deeds, locked)
    if heads is None or len(heads) > 1 or not heads <= target.work.session.held:
        return Beside(kind)
    if not heads:
        return Beside(kind, wanted=wanted)
    above = target.beside(wanted[0].object_name)
    return Beside(kind, next(iter(heads)), above, summed.along(above, wanted), wanted)


def _known_heads(
    relations: Collection[str], kind: Kind, deeds: Sequence[Deed], locked: Mapping[UUID, LockedRecord]
) -> set[UUID] | None:
    heads: set[object] = set()
    for deed in deeds:
        for relation in relations:
            if relation in deed.changes:
                heads.update(deed.changes[relation])
            elif kind is not Kind.CREATED:
                record = locked[deed.id].values
                if relation not in record:
                    return None
                heads.add(record[relation])
    return {each for each in heads if isinstance(each, UUID)}


async def write_beside(
    target: Target, template: Template, along: Beside, deeds: Sequence[Deed], rows: Sequence[Mapping[str, object]]
) -> WrittenSet:
    """Write locked records, and what is rolled up of them at once."""
    if deeds:
        answer = await write(target, template, along.kind, deeds, rows, along.values)
        refuse_missing(deeds, answer)
        await keep(along, answer)
    return WrittenSet(target.name, along.kind, tuple(deeds), along.kept)


async def keep(along: Beside, answer: asyncpg.Record) -> None:
    """Write what the statement found and has not written, before anything else is. A head in the bin keeps nothing."""
    if along.heads is None or along.look is None or answer["id"] is None:
        return
    is_written = along.look.is_carried and answer[summed.CARRIED]
    await _write(along.heads, along.wanted, along.look.fields, [answer], is_written=is_written)


# --- after it ---------------------------------------------------------------------------------------------------------


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
        is_kept = (each.object_name, each.field.name) in written.kept
        if not is_kept and _is_touched(each, written.kind, written.deeds):
            by_head[each.object_name].append(each)
    for object_name, wanted in by_head.items():
        await _look(await _target(work, registry, object_name), wanted, _affected(wanted, written))


async def _look_again(work: Work, registry: Registry, written: WrittenSet) -> None:
    """While a record lay in the bin, nobody kept what is derived of others up to date."""
    target = await _target(work, registry, written.object_name)
    own = metadata.roll_ups_of(registry.shape, written.object_name)
    if own:
        await _look(target, own, _Affected(frozenset(written.ids)))
    links = [field.name for field in target.stored_fields.values() if field.relation is not None]
    await derivation.recompute_formulas(target, written.ids, links)


def _is_touched(roll_up: RollUp, kind: Kind, deeds: Sequence[Deed]) -> bool:
    if kind not in {Kind.UPDATED, Kind.DERIVED}:
        return True
    return any(not roll_up.watched.isdisjoint(deed.changes) for deed in deeds)


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


async def _look(target: Target, wanted: Sequence[RollUp], affected: _Affected) -> None:
    session = target.work.session
    fields = {each.name: each for each in derivation.looked_at(target, [each.field.name for each in wanted])}
    columns = stored.columns_of(fields.values())
    template = summed.afterwards(
        target.registry.shape, tuple(wanted), columns, affected.object_name, affected.relations
    )
    values = {
        summed.HEADS: sorted(affected.heads),
        summed.LINES: affected.lines,
        **metadata.roll_up_parameters(target.work, template.parameters),
    }
    bound = template.bound(session.schema, values, target.registry.physical)
    rows = await session.fetch(bound)
    found = {row["id"] for row in rows}
    if not found <= session.held:
        # Locked by this look at last: what others wrote while it waited, the next one sees.
        session.held |= found
        rows = await session.fetch(bound)
    await _write(target, wanted, fields, rows)


async def _write(
    target: Target,
    wanted: Sequence[RollUp],
    fields: Mapping[str, Field],
    rows: Sequence[asyncpg.Record],
    *,
    is_written: bool = False,
) -> None:
    locked = {each.id: each for each in locks.read(rows, fields, stored.columns_of(fields.values()))}
    computed = {row["id"]: metadata.roll_ups_in(wanted, row) for row in rows}
    await derivation.keep(target, locked, computed, [each.field.name for each in wanted], is_written=is_written)


async def _target(work: Work, registry: Registry, object_name: str) -> Target:
    return Target(work, registry, await permissions.policy(work), registry.shape.objects[object_name])
