"""Values that the platform keeps on a record for others to read (`lastActivityAt`), written as nobody's deed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from services import metadata, permissions
from services.events import Kind
from services.records import inputs, locks, statements, stored
from services.records.locks import Wanted
from services.records.reactions import react
from services.records.targets import Target
from services.records.trace import Deed
from services.records.writing import write_locked
from services.records.written import Written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from schema.metadata.fields import Field
    from tenants.context import Work


async def derive(
    work: Work,
    object_name: str,
    ids: Collection[UUID],
    compute: Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Mapping[str, object]]]],
    *,
    fields: Collection[str],
) -> Written:
    """Compute these fields anew for live records, under their locks, and write what moved.

    The lock comes first and the computation after it, so that of two writers the later one sees what the earlier one
    wrote. The record keeps its version and has no history of it; followers of the feed are told.
    """
    registry = await metadata.registry(work)
    target = Target(work, registry, await permissions.policy(work), registry.shape.objects[object_name])
    kept = {name: target.stored_fields[name] for name in sorted(fields)}
    locked = await locks.lock(target, ids, kept.values(), Wanted())
    computed = await compute(tuple(locked))
    moved = {
        each: changes
        for each, record in locked.items()
        if (changes := _changes(kept, record.values, computed.get(each, {})))
    }
    columns = stored.columns_of(kept.values())
    deeds = [Deed(each, locked[each].version, changes) for each, changes in moved.items()]
    rows = [
        {
            "id": str(each),
            "version": locked[each].version,
            **stored.row(kept, columns, {**locked[each].values, **computed[each]}),
        }
        for each in moved
    ]
    template = statements.derivation(target.name, columns)
    await react(work, await write_locked(target, template, Kind.DERIVED, deeds, rows))
    return Written(tuple(moved))


def _changes(
    fields: Mapping[str, Field], old: Mapping[str, object], new: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    return {name: (old[name], new[name]) for name in fields if name in new and inputs.differs(old[name], new[name])}
