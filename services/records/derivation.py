"""Values that the platform keeps on a record for others to read (`lastActivityAt`), written as nobody's deed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from services import metadata, permissions
from services.events import Kind
from services.records import formulas, inputs, locks, statements, stored
from services.records.locks import Wanted
from services.records.reactions import WrittenSet, react
from services.records.targets import Target
from services.records.trace import Deed
from services.records.writing import write_locked
from services.records.written import Written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from schema.metadata.fields import Field
    from services.records.locks import LockedRecord
    from tenants.context import Work


async def derive(
    work: Work,
    object_name: str,
    ids: Collection[UUID],
    compute: Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Mapping[str, object]]]],
    *,
    fields: Collection[str],
) -> Written:
    """Compute these fields anew for live records, under their locks, and write what moved, formulas over them included.

    The lock comes first and the computation after it, so that of two writers the later one sees what the earlier one
    wrote. The record keeps its version and has no history of it; followers of the feed are told.
    """
    registry = await metadata.registry(work)
    target = Target(work, registry, await permissions.policy(work), registry.shape.objects[object_name])
    locked = await _locked(target, ids, fields)
    computed = await compute(tuple(locked))
    return await keep(target, locked, {each: computed.get(each, {}) for each in locked}, fields)


async def recompute_formulas(target: Target, ids: Collection[UUID], moved: Collection[str]) -> None:
    """The formulas over these fields, for records in which they were written past the verbs that change them."""
    if formulas.looked_at(target, moved):
        locked = await _locked(target, ids, moved)
        held = {each: {name: record.values[name] for name in moved} for each, record in locked.items()}
        await keep(target, locked, held, moved)


def looked_at(target: Target, fields: Collection[str]) -> tuple[Field, ...]:
    """What is compared and computed anew when these fields are derived."""
    return tuple(target.fields[name] for name in sorted({*fields, *formulas.looked_at(target, fields)}))


async def _locked(target: Target, ids: Collection[UUID], fields: Collection[str]) -> dict[UUID, LockedRecord]:
    return await locks.lock(target, ids, looked_at(target, fields), Wanted())


async def keep(
    target: Target,
    locked: Mapping[UUID, LockedRecord],
    computed: Mapping[UUID, Mapping[str, object]],
    fields: Collection[str],
    *,
    is_written: bool = False,
) -> Written:
    """Write what moved in records that were locked before these values were computed, and the formulas over them.

    What another statement has written along needs telling only.
    """
    new = {each: {**found, **formulas.moved(target, locked[each].values, found)} for each, found in computed.items()}
    moved = {each: changes for each, found in new.items() if (changes := _changes(locked[each].values, found))}
    if not moved:
        return Written()
    deeds = [Deed(each, locked[each].version, changes) for each, changes in moved.items()]
    if is_written:
        target.work.touched.append(target.name)
        await react(target.work, WrittenSet(target.name, Kind.DERIVED, tuple(deeds)))
        return Written(tuple(moved))
    names = {
        *fields,
        *(each.field.name for each in metadata.formulas_moved_by(target.registry.shape, target.name, fields)),
    }
    kept = {name: target.stored_fields[name] for name in sorted(names)}
    columns = stored.columns_of(kept.values())
    rows = [
        {
            "id": str(each),
            "version": locked[each].version,
            **stored.row(kept, columns, {**locked[each].values, **new[each]}),
        }
        for each in moved
    ]
    template = statements.derivation(target.name, columns)
    await react(target.work, await write_locked(target, template, Kind.DERIVED, deeds, rows))
    return Written(tuple(moved))


def _changes(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    return {name: (old[name], new[name]) for name in new if inputs.differs(old[name], new[name])}
