"""Finishes a field whose indexes were too long for the transaction that defined it: backfill, build, open.

Where it can, the index of a unique rule stands before the records are filled, so that PostgreSQL refuses whoever writes what
a filled record holds. Runs in many transactions, with its progress in the tenant's table `job`. It may run twice: filling
fills what is empty, an index that is left half built is dropped and built again, and a field that is open already is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from schema.metadata.errors import ValuesNotUnique
from schema.metadata.fields import FieldState
from schema.tables.metadata import field_definition
from services import jobs
from services.audit import Entry
from services.metadata import backfilling, recalculating
from services.metadata.backfilling import Backfill
from services.metadata.changing import opened, run, settle
from services.metadata.duplicates import repeated_in
from services.metadata.impact import records_in
from services.metadata.indexing import build_indexes, drop_indexes, missing_indexes, standing
from services.metadata.loading import definitions, registry
from services.metadata.snapshot import Snapshot
from tenants.transactions import Moved

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.fields import Coordinate
    from schema.metadata.physical import TableIndex
    from services.jobs import Stage, Step
    from services.metadata.duplicates import Repeated
    from services.metadata.messages import BuildField
    from tenants.context import DefinitionWork, ReadWork, Work

# Other writers wait for one step at most: what that costs either of them was measured for decision 21.
_STEP = 150


class _Withdrawn(Exception):
    """The field is not being built any more: it was retired, or another job has opened it."""


@dataclass(frozen=True, slots=True)
class _Target:
    """The field and what it still lacks; plain indexes first, because a unique one may fail."""

    backfill: Backfill
    indexes: tuple[TableIndex, ...]
    # Names of those that an earlier run built.
    standing: frozenset[str]
    # The version of its definition: one that was retired and restored meanwhile is filled from the beginning.
    version: int
    # The derived fields to compute anew, in their order; none where the field is not derived.
    derived: tuple[Coordinate, ...]
    # What its unique rule was given up for.
    repeated: Repeated | None = None

    def without_rule(self) -> _Target:
        """The same where values are not unique."""
        field = self.backfill.definition
        field = replace(field, field=replace(field.field, is_unique=False))
        plain = tuple(each for each in self.indexes if not each.is_unique)
        return replace(self, backfill=replace(self.backfill, definition=field), indexes=plain)


async def build_field(stage: Stage, message: BuildField) -> None:
    """Bring one field from building to live, or give its unique rule up where the values do not keep it."""
    target = await stage.write(lambda work: _begin(work, message))
    if target is None:
        return
    try:
        target = await _built(stage, message, target)
        await stage.define(lambda work: _open(work, message, target))
    except _Withdrawn:
        if await stage.write(lambda work: _is_retired(work, target)):
            await drop_indexes(stage, target.indexes)
        await stage.write(lambda work: jobs.finish(work, message.job_id))


async def _built(stage: Stage, message: BuildField, target: _Target) -> _Target:
    """Everything it lacks is there now; without its unique rule, if the values do not keep that."""
    rules = [each for each in target.indexes if each.is_unique]
    try:
        await _index(stage, target, rules if message.guards else ())
        await _fill(stage, message, target)
        await _index(stage, target, () if message.guards else rules)
    except asyncpg.UniqueViolationError as violation:
        if violation.constraint_name not in {each.name for each in rules}:
            raise
        await drop_indexes(stage, rules)
        await stage.write(lambda work: _count_anew(work, message, target))
        # With what the rule compares: writers keep it until the field is open, so all that is alike can be told.
        await _fill(stage, message, target)
        (broken,) = (each for each in rules if each.name == violation.constraint_name)
        target = await stage.write(lambda work: _given_up(work, target, broken))
    await _index(stage, target, (each for each in target.indexes if not each.is_unique))
    return target


async def _given_up(work: Work, target: _Target, rule: TableIndex) -> _Target:
    """The same without its unique rule; looked up here, because nobody may write while the field is opened."""
    repeated = await repeated_in(work, target.backfill.table, rule.keys[0].column)
    return replace(target.without_rule(), repeated=repeated)


async def _fill(stage: Stage, message: BuildField, target: _Target) -> None:
    if not target.derived:
        await jobs.go_through(stage, message.job_id, partial(_filled, target))
    for at in target.derived:
        await jobs.go_through(stage, message.job_id, partial(_recalculated, target, at))


async def _index(stage: Stage, target: _Target, indexes: Iterable[TableIndex]) -> None:
    lacking = [each for each in indexes if each.name not in target.standing]
    await build_indexes(stage, target.backfill.table, lacking)


async def _begin(work: Work, message: BuildField) -> _Target | None:
    snapshot = Snapshot(await definitions(work), work.versions.metadata)
    found = _building(snapshot, message.field_id)
    if found is None:
        await jobs.finish(work, message.job_id)
        return None
    thing, field = found
    indexes = missing_indexes(snapshot, _opened(snapshot, thing, field), thing.table)
    target = _Target(
        Backfill(thing, field, fills=message.fills),
        indexes,
        await standing(work, indexes),
        await _version(work, field.id),
        _derived(snapshot, thing, field),
    )
    await _count_anew(work, message, target)
    return target


async def _count_anew(work: Work, message: BuildField, target: _Target) -> None:
    names = (await registry(work)).names
    tables = [names[object_name].table for object_name, _ in target.derived] or [target.backfill.table]
    await jobs.begin(work, message.job_id, total=sum([await records_in(work, table) for table in tables]))


async def _version(work: ReadWork, field_id: UUID) -> int:
    found = sa.select(field_definition.c.version).where(field_definition.c.id == field_id)
    return int(await work.session.scalar(found))


def _derived(snapshot: Snapshot, thing: ObjectDefinition, field: FieldDefinition) -> tuple[Coordinate, ...]:
    if field.field.type.derivation is None:
        return ()
    return recalculating.passes(snapshot.registry.shape, [(thing.name, field.name)])


async def _filled(target: _Target, work: Work, last: UUID) -> Step | None:
    await _refuse_withdrawn(work, target)
    return await backfilling.step(work, target.backfill, after=last, size=_STEP)


async def _recalculated(target: _Target, at: Coordinate, work: Work, last: UUID) -> Step | None:
    await _refuse_withdrawn(work, target)
    return await recalculating.step(work, await registry(work), at, after=last, size=_STEP)


async def _refuse_withdrawn(work: Work, target: _Target) -> None:
    field = (await registry(work)).shape.field(target.backfill.thing.name, target.backfill.definition.name)
    if field is None or field.state is not FieldState.BUILDING:
        raise _Withdrawn


async def _is_retired(work: Work, target: _Target) -> bool:
    """Whether nobody needs what was built: of one that is open or built anew the indexes are in use."""
    field = (await registry(work)).shape.field(target.backfill.thing.name, target.backfill.definition.name)
    return field is None or field.state is FieldState.RETIRED


async def _open(work: DefinitionWork, message: BuildField, target: _Target) -> None:
    before = await opened(work)
    found = _building(before, message.field_id)
    if found is None:
        raise _Withdrawn
    thing, field = found
    # From here on nobody builds or drops an index of the table.
    await run(work, (), [thing.table])
    if await _version(work, field.id) != target.version or not await _stand(work, target):
        # Retired and restored meanwhile: what was written between the two was written without its columns.
        raise Moved
    kept = target.backfill.definition
    is_unique = kept == field
    action = "field.built" if is_unique else "field.notUnique"
    entry = Entry(action, "fieldDefinition", field.id, details={"object": thing.name, "field": field.name})
    await settle(work, before, _opened(before, thing, kept), [entry])
    if is_unique:
        await jobs.finish(work, message.job_id)
    else:
        told = _told(thing, field, target.repeated)
        await jobs.fail(work, message.job_id, reason=ValuesNotUnique.code, details=told)


def _told(thing: ObjectDefinition, field: FieldDefinition, repeated: Repeated | None) -> Mapping[str, object] | None:
    """None where somebody made them differ meanwhile."""
    if repeated is None:
        return None
    groups = [list(map(str, ids)) for ids in repeated.groups]
    return {"object": thing.name, "field": field.name, "count": repeated.count, "ids": groups}


async def _stand(work: DefinitionWork, target: _Target) -> bool:
    return {each.name for each in target.indexes} <= await standing(work, target.indexes)


def _building(snapshot: Snapshot, field_id: UUID) -> tuple[ObjectDefinition, FieldDefinition] | None:
    return next(
        (
            (thing, field)
            for thing in snapshot.objects
            for field in thing.fields
            if field.id == field_id and field.field.state is FieldState.BUILDING and not thing.is_retired
        ),
        None,
    )


def _opened(snapshot: Snapshot, thing: ObjectDefinition, field: FieldDefinition) -> Snapshot:
    return snapshot.with_field(thing.name, field.in_state(FieldState.LIVE))
