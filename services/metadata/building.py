"""Finishes a field whose indexes were too long for the transaction that defined it: backfill, build, open.

Runs in many transactions, with its progress in the tenant's table `job`. It may run twice: filling fills what is empty,
an index that is left half built is dropped and built again, and a field that is open already is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from schema.metadata.errors import ValuesNotUnique
from schema.metadata.fields import FieldState
from services import jobs
from services.audit import Entry
from services.metadata import backfilling, recalculating
from services.metadata.backfilling import Backfill
from services.metadata.changing import opened, settle
from services.metadata.impact import records_in
from services.metadata.indexing import build_indexes, drop_indexes, missing_indexes
from services.metadata.loading import definitions, registry
from services.metadata.snapshot import Snapshot

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.fields import Coordinate
    from schema.metadata.physical import TableIndex
    from services.jobs import Stage, Step
    from services.metadata.messages import BuildField
    from tenants.context import DefinitionWork, Work

_STEP = 2_000


class _Withdrawn(Exception):
    """The field was retired while it was being built."""


@dataclass(frozen=True, slots=True)
class _Target:
    """The field and what it still lacks; plain indexes first, because a unique one may fail."""

    backfill: Backfill
    indexes: tuple[TableIndex, ...]
    # The derived fields to compute anew, in their order; none where the field is not derived.
    derived: tuple[Coordinate, ...]


async def build_field(stage: Stage, message: BuildField) -> None:
    """Bring one field from building to live, or give its unique rule up where the values do not keep it."""
    target = await stage.write(lambda work: _begin(work, message))
    if target is None:
        return
    try:
        await _fill(stage, message, target)
        is_unique = await _index(stage, target)
        await stage.define(lambda work: _open(work, message, is_unique=is_unique))
    except _Withdrawn:
        await drop_indexes(stage, target.indexes)
        await stage.write(lambda work: jobs.finish(work, message.job_id))


async def _fill(stage: Stage, message: BuildField, target: _Target) -> None:
    if not target.derived:
        await jobs.go_through(stage, message.job_id, partial(_filled, target))
    for at in target.derived:
        await jobs.go_through(stage, message.job_id, partial(_recalculated, target, at))


async def _index(stage: Stage, target: _Target) -> bool:
    """Build what is missing; false if the values do not keep the unique rule, whose index is then taken away."""
    try:
        await build_indexes(stage, target.backfill.table, target.indexes)
    except asyncpg.UniqueViolationError:
        await drop_indexes(stage, [each for each in target.indexes if each.is_unique])
        return False
    return True


async def _begin(work: Work, message: BuildField) -> _Target | None:
    snapshot = Snapshot(await definitions(work), work.versions.metadata)
    found = _building(snapshot, message.field_id)
    if found is None:
        await jobs.finish(work, message.job_id)
        return None
    thing, field = found
    derived = _derived(snapshot, thing, field)
    tables = [snapshot.registry.names[object_name].table for object_name, _ in derived] or [thing.table]
    total = sum([await records_in(work, table) for table in tables])
    await jobs.begin(work, message.job_id, total=total)
    indexes = missing_indexes(snapshot, _opened(snapshot, thing, field), thing.table)
    return _Target(Backfill(thing, field, fills=message.fills), indexes, derived)


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


async def _open(work: DefinitionWork, message: BuildField, *, is_unique: bool) -> None:
    before = await opened(work)
    found = _building(before, message.field_id)
    if found is None:
        raise _Withdrawn
    thing, field = found
    kept = field if is_unique else replace(field, field=replace(field.field, is_unique=False))
    action = "field.built" if is_unique else "field.notUnique"
    entry = Entry(action, "fieldDefinition", field.id, details={"object": thing.name, "field": field.name})
    await settle(work, before, _opened(before, thing, kept), [entry])
    if is_unique:
        await jobs.finish(work, message.job_id)
    else:
        await jobs.fail(work, message.job_id, reason=ValuesNotUnique.code)


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
