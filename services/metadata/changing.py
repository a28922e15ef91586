"""Brings a tenant from one snapshot of its definitions to the next, in the caller's transaction.

Locks the tables that change, runs the statements, fills what old records lack, stores the rows, writes the audit entry
and has `metadata_version` moved. A field whose indexes would take long is left `building`, with a job to finish it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from schema.metadata import ddl
from schema.metadata.ddl import Restored, Statement
from schema.metadata.definitions import FieldDefinition, ObjectDefinition
from schema.metadata.errors import TooManyColumns, TypeChanging
from schema.metadata.fields import FieldState
from schema.metadata.physical import tables_of
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.type_changes import TypeChangeState, type_change
from services import audit, jobs, permissions
from services.metadata import at_once, backfilling, defaults, deriving, history, line_drafts, recalculating
from services.metadata.backfilling import Backfill
from services.metadata.duplicates import refuse_duplicates, refuse_standing_duplicates
from services.metadata.gathering import gathered_by, taken_by
from services.metadata.indexing import may_stand_first
from services.metadata.loading import definitions
from services.metadata.messages import BuildField, TellDefault
from services.metadata.sizes import is_long
from services.metadata.snapshot import Snapshot
from services.metadata.store import save
from tenants.context import Moving
from tenants.errors import Forbidden
from tenants.sql import SCHEMA, BoundSql, Fragment, ident, join, render, sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.audit import Entry
    from tenants.context import DefinitionWork, ReadWork

_TRIES = 5
_STEP = 2_000


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change leads to: the jobs that finish it, by the id of the field."""

    snapshot: Snapshot
    jobs: dict[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """A field that is not ready with its columns alone, and what its old records lack."""

    thing: ObjectDefinition
    field: FieldDefinition
    backfill: Backfill | None
    # The tables whose size says how long it takes.
    tables: tuple[str, ...]
    is_derived: bool = False
    is_indexed: bool = False


async def opened(work: ReadWork) -> Snapshot:
    """The definitions as they are, for somebody who may change them."""
    policy = await permissions.policy(work)
    if not policy.may_define:
        raise Forbidden
    if (gathered := gathered_by(work)) is not None:
        return gathered.now
    pending = sa.select(type_change.c.field_id).where(type_change.c.state == TypeChangeState.CONVERTING)
    converting = frozenset(row[0] for row in await work.session.rows(pending))
    return Snapshot(await definitions(work), work.versions.metadata, converting)


async def change(
    work: DefinitionWork,
    before: Snapshot,
    after: Snapshot,
    entries: Sequence[Entry],
    *,
    fills: frozenset[UUID] = frozenset(),
) -> Changed:
    """Make it so. `fills` names new fields whose default is given to the records that are there."""
    deriving.refuse_broken(before, after)
    line_drafts.refuse_crossed(before, after)
    defaults.refuse_lost(before, after)
    if (gathered := taken_by(work)) is not None:
        _refuse_converting(before, after)
        await refuse_standing_duplicates(work, gathered, after)
        gathered.take(after, entries, fills)
        return Changed(after, {})
    unbuilt = list(_unbuilt(before, after, fills))
    middle = _building(after, unbuilt)
    long = [each for each in unbuilt if await _takes_long(work, each)]
    given = [each for each in long if await _give_at_once(work, each)]
    later = [each for each in long if each not in given]
    guarded = [each.field.id for each in later if await may_stand_first(work, after, each.thing, each.field)]
    await reshape(work, before, middle, on_the_way_to=after)
    derived = [(each.thing.name, each.field.name) for each in unbuilt if each.is_derived and each not in later]
    await recalculating.recalculate(work, middle.registry, derived)
    for each in unbuilt:
        if each not in long:
            await _fill(work, each.backfill)
            await refuse_duplicates(work, after, each.thing, each.field)
    final = _building(after, later)
    _refuse_converting(before, final)
    await reshape(work, middle, final)
    await record(work, before, final, entries)
    asked = {
        each.field.id: await _build_later(work, each.field.id, fills, guards=each.field.id in guarded) for each in later
    }
    return Changed(final, {**asked, **{each.field.id: await _tell_later(work, each) for each in given}})


async def settle(work: DefinitionWork, before: Snapshot, after: Snapshot, entries: Sequence[Entry]) -> None:
    """The same for a change whose long part is done already."""
    _refuse_converting(before, after)
    if (gathered := taken_by(work)) is not None:
        gathered.take(after, entries)
        return
    await reshape(work, before, after)
    await record(work, before, after, entries)


async def record(work: DefinitionWork, before: Snapshot, after: Snapshot, entries: Sequence[Entry]) -> None:
    """Store what a change of definitions came to, once the tables are as `after` says."""
    await save(work, before, after)
    await audit.append(work, entries)
    await history.keep(work, before, after, entries)
    if (gathered := gathered_by(work)) is not None:
        gathered.made(after)
        gathered.tell(entries)
    work.moves.add(Moving.METADATA)


def _refuse_converting(before: Snapshot, after: Snapshot) -> None:
    """What is about to take the place of a field was made from it as it is now."""
    for thing in before.objects:
        kept = after.by_name[thing.name]
        for field in thing.fields:
            if field.id in before.converting and (kept.field(field.name) != field or kept.is_retired):
                raise TypeChanging


# --- what must be built -----------------------------------------------------------------------------------------------


def _unbuilt(before: Snapshot, after: Snapshot, fills: frozenset[UUID]) -> Iterable[Unbuilt]:
    """Live fields of tables that stand already, whose indexes are not there yet or whose old records lack something."""
    old_tables, new_tables = tables_of(before.registry), tables_of(after.registry)
    known = {field.id for each in before.objects for field in each.fields}
    derivations = deriving.derivations_of(before)
    for thing in after.objects:
        if thing.table not in old_tables or thing.table not in new_tables:
            continue
        had, has = old_tables[thing.table], new_tables[thing.table]
        indexes = (index for name, index in has.indexes.items() if had.indexes.get(name) != index)
        indexed = {key.column for index in indexes for key in index.keys}
        gained = has.columns.keys() - had.columns.keys()
        for field in thing.fields:
            backfill = Backfill(thing, field, fills=field.id in fills)
            columns = {f"{field.column}_{part}" if part else field.column for part in field.field.parts}
            lacks = not columns.isdisjoint(gained) and (field.id in known or backfill.fills or backfill.sequence)
            is_derived = deriving.derivation_of(field.field) != (derivations.get(field.id) or deriving.UNDERIVED)
            if field.field.state is FieldState.LIVE and (lacks or is_derived or not columns.isdisjoint(indexed)):
                tables = deriving.tables_of(after, thing, field) if is_derived else (thing.table,)
                lacking = backfill if lacks and not is_derived else None
                yield Unbuilt(thing, field, lacking, tables, is_derived, not columns.isdisjoint(indexed))


def _building(snapshot: Snapshot, unbuilt: Iterable[Unbuilt]) -> Snapshot:
    for each in unbuilt:
        snapshot = snapshot.with_field(each.thing.name, each.field.in_state(FieldState.BUILDING))
    return snapshot


async def _takes_long(work: DefinitionWork, unbuilt: Unbuilt) -> bool:
    return any([await is_long(work, table) for table in unbuilt.tables])


async def _give_at_once(work: DefinitionWork, unbuilt: Unbuilt) -> bool:
    """Whether all records now have the default, by the definition of the new columns."""
    if unbuilt.backfill is None or unbuilt.is_indexed:
        return False
    given = at_once.columns_given(work, unbuilt.backfill)
    if given is None:
        return False
    await run(work, at_once.added(unbuilt.backfill, given), [unbuilt.thing.table])
    return True


async def _fill(work: DefinitionWork, backfill: Backfill | None) -> None:
    if backfill is None:
        return
    step = await backfilling.step(work, backfill, after=jobs.BEFORE_ALL, size=_STEP)
    while step is not None:
        step = await backfilling.step(work, backfill, after=step.last, size=_STEP)


async def _tell_later(work: DefinitionWork, unbuilt: Unbuilt) -> UUID:
    at = (unbuilt.thing.name, unbuilt.field.name)
    return await jobs.ask(work, lambda job_id: TellDefault(*at, job_id))


async def _build_later(work: DefinitionWork, field_id: UUID, fills: frozenset[UUID], *, guards: bool) -> UUID:
    return await jobs.ask(work, lambda job_id: BuildField(field_id, job_id, field_id in fills, guards))


# --- statements -------------------------------------------------------------------------------------------------------


async def reshape(
    work: DefinitionWork, before: Snapshot, after: Snapshot, *, on_the_way_to: Snapshot | None = None
) -> None:
    """Run the statements from one snapshot to the other; nobody writes to the tables that they concern from then on."""
    statements = ddl.changes(
        before.registry,
        after.registry,
        restored=_restored(before, after),
        on_the_way_to=None if on_the_way_to is None else on_the_way_to.registry,
    )
    await run(work, [statement.fragment for statement in statements], _touched(before, after, statements))


async def run(work: DefinitionWork, statements: Sequence[Fragment], tables: Sequence[str]) -> None:
    """Lock tables against writers, and run statements of the owner; both again where others hold them for a moment."""
    for attempt in range(1, _TRIES + 1):
        try:
            async with work.session.savepoint():
                await _lock(work, tables)
                for statement in statements:
                    await work.session.run(BoundSql(render(statement).bind(work.session.schema, ddl.named)))
        except asyncpg.LockNotAvailableError:
            if attempt == _TRIES:
                raise
        except asyncpg.TooManyColumnsError:
            raise TooManyColumns from None
        else:
            return


def _restored(before: Snapshot, after: Snapshot) -> Restored:
    """Tables and links that `before` hides though they stand."""
    stood = {each.id for each in before.objects}
    hidden = {each.table for each in before.objects} - tables_of(before.registry).keys()
    fields = {field.id for each in before.objects for field in each.fields}
    return Restored(
        frozenset(hidden & {each.table for each in after.objects if not each.is_retired}),
        frozenset(
            (each.table, field.column)
            for each in after.objects
            if each.id in stood
            for field in each.fields
            if field.id in fields
        ),
    )


def _touched(before: Snapshot, after: Snapshot, statements: Iterable[Statement]) -> list[str]:
    """Tables that stand and whose writers must be done, or see the new version."""
    old, new = before.registry, after.registry
    standing = {each.table for each in before.objects} | {names.table for _, names in SYSTEM_OBJECTS.values()}
    reshaped = {
        old.names[name].table
        for name, thing in old.shape.objects.items()
        if new.shape.objects.get(name) != thing or new.rules.get(name) != old.rules.get(name)
    }
    fixed = {names.table for _, names in SYSTEM_OBJECTS.values()}
    # Writers of what a derived field looks at see it from now on, or were done before it is computed.
    reshaped |= deriving.tables_looked_at(before, after)
    return sorted(({each for statement in statements for each in statement.tables} | (reshaped - fixed)) & standing)


async def _lock(work: DefinitionWork, tables: Sequence[str]) -> None:
    if tables:
        names = (sql("{schema}.{table}", schema=SCHEMA, table=ident(table)) for table in tables)
        # Protects the shape: a writer either finished before, or sees the new version and is run again.
        lock = sql("LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE", tables=join(", ", names))
        await work.session.run(render(lock).bound(work.session.schema, {}))
