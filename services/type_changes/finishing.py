"""Finishes a change of type on a large table: fill, catch up, build, exchange. The form is what it was until the end.

Writers write to the old column meanwhile; what they wrote is found in the feed of changes and brought after, the last of
it while nobody writes. It may run twice: filling gives the same again, an index that is left half built is built anew,
and a change that is settled already is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from schema.metadata.conversions import Sides
from schema.metadata.errors import TooManyChoices, ValuesNotUnique
from schema.tables.type_changes import TypeChangeState, type_change
from services import audit, jobs, metadata
from services.audit import Entry
from services.metadata import Snapshot, Subject, UsedElsewhere
from services.type_changes import filling as fillings
from services.type_changes import planning, sides
from services.type_changes.changing import RULES, reading_of, refuse_kept
from services.type_changes.filling import Filling
from services.type_changes.settling import Order, forget, settle
from services.type_changes.ways_back import steps_back
from tenants.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from schema.metadata.physical import TableIndex
    from services.jobs import Stage, Step
    from services.type_changes.messages import ConvertField
    from tenants.context import DefinitionWork, ReadWork, Work

_ROUNDS = 8
# So few are brought after while writers wait.
_FEW = 500
_MOST_NEW = 2_000


@dataclass(slots=True)
class _Run:
    """One run of the job: what is ordered, since when, and which change rows were looked at."""

    order: Order
    began_at: datetime
    indexes: tuple[TableIndex, ...]
    seen: set[UUID] = field(default_factory=set)


class _FailedError(Exception):
    """The change cannot be made; the code says why."""


async def convert_field(stage: Stage, message: ConvertField) -> None:
    """Bring a change to its end, or give it up where the values do not allow it: the field then is what it was."""
    run = await stage.write(lambda work: _begin(work, message))
    if run is None:
        return
    try:
        await jobs.go_through(stage, message.job_id, partial(_filled, run))
        await _catch_up(stage, run)
        await _index(stage, run)
        await _catch_up(stage, run)
        await stage.define(lambda work: _exchange(work, message, run))
    except _FailedError as failed:
        code = str(failed)
        await stage.define(lambda work: _give_up(work, message, run, code))


async def _begin(work: Work, message: ConvertField) -> _Run | None:
    row = await _row(work, message.type_change_id)
    if row is None or row["state"] != TypeChangeState.CONVERTING:
        await jobs.finish(work, message.job_id)
        return None
    snapshot = Snapshot(await metadata.definitions(work), work.versions.metadata)
    order = await _order(work, snapshot, row)
    filling = order.filling
    await jobs.begin(work, message.job_id, total=await metadata.records_in(work, filling.table))
    after = snapshot.with_field(filling.thing.name, filling.target)
    return _Run(order, row["created_at"], metadata.missing_indexes(snapshot, after, filling.table))


async def _order(work: ReadWork, snapshot: Snapshot, row: Mapping[str, Any]) -> Order:
    thing = next(each for each in snapshot.objects if each.id == row["object_id"])
    source = next(each for each in thing.fields if each.id == row["field_id"])
    reading = reading_of(work)
    both = Sides(source, sides.restored(source, row["target"]), reading.zone, reading.currency, reading.language)
    # One that was ordered by the release before this one says neither.
    said, back = row["target"], row["undoes_id"]
    ids = said.get("undoes", [] if back is None else [str(back)])
    undone = tuple([await _known_row(work, UUID(each)) for each in ids])
    filling = Filling(thing, both, steps_back(both, undone))
    rolls_back = said.get("rollsBack", bool(undone))
    return Order(row["id"], filling, row["clears"], undone, rolls_back=rolls_back, makes_choices=said["makesChoices"])


async def _filled(run: _Run, work: Work, last: UUID) -> Step | None:
    return await fillings.step(work, run.order.filling, after=last)


async def _catch_up(stage: Stage, run: _Run) -> None:
    """Bring after what was written meanwhile, until hardly anything was."""
    for _ in range(_ROUNDS):
        try:
            looked_at = await stage.write(lambda work: _bring_after(work, run))
        except asyncpg.UniqueViolationError:
            # Somebody took over what another one gave up; the next look sees both.
            continue
        run.seen |= looked_at
        if len(looked_at) <= _FEW:
            return


async def _bring_after(work: Work, run: _Run) -> set[UUID]:
    """The change rows that were looked at; they count as seen once this is committed."""
    written = await fillings.written_since(work, run.order.filling, run.began_at)
    new = written.keys() - run.seen
    await fillings.again(work, run.order.filling, {written[each] for each in new})
    return new


async def _index(stage: Stage, run: _Run) -> None:
    try:
        await metadata.build_indexes(stage, run.order.filling.table, run.indexes)
    except asyncpg.UniqueViolationError:
        raise _FailedError(ValuesNotUnique.code) from None


async def _exchange(work: DefinitionWork, message: ConvertField, run: _Run) -> None:
    before = await metadata.opened(work)
    order = await _order(work, before, await _known_row(work, message.type_change_id))
    # From here on nobody writes to the table.
    await metadata.run(work, (), [order.filling.table])
    try:
        await _bring_after(work, run)
        if order.makes_choices:
            order = await _with_more_choices(work, order)
        await _refuse_kept(work, before, order)
        await settle(work, before, before, order)
    except asyncpg.UniqueViolationError:
        raise _FailedError(ValuesNotUnique.code) from None
    except Refused as refused:
        raise _FailedError(refused.violations[0].fault.code) from None
    except (TooManyChoices, UsedElsewhere, ValuesNotUnique) as fault:
        raise _FailedError(fault.code) from None
    await jobs.finish(work, message.job_id)


async def _refuse_kept(work: DefinitionWork, before: Snapshot, order: Order) -> None:
    """What came to look at the field while it was converted keeps its type as well; of a roll back rules went before the values."""
    filling, spares = order.filling, RULES if order.rolls_back else ""
    after = planning.exchanged(before, filling.thing, filling.target)
    await refuse_kept(
        work, Subject(before.registry, after.registry, filling.thing.name, filling.target.name), spares=spares
    )


async def _with_more_choices(work: DefinitionWork, order: Order) -> Order:
    """The same with choices for values that were written since the choices were made."""
    filling = order.filling
    rows = await fillings.unfit_rows(work, filling, most=_MOST_NEW)
    target = planning.with_words(filling.target, filling.sides, rows.values(), work.ids.new)
    if target == filling.target:
        return order
    filling = Filling(filling.thing, replace(filling.sides, target=target), filling.back)
    await fillings.again(work, filling, rows)
    return replace(order, filling=filling)


async def _give_up(work: DefinitionWork, message: ConvertField, run: _Run, code: str) -> None:
    await forget(work, await _known_row(work, message.type_change_id), TypeChangeState.FAILED)
    filling = run.order.filling
    names = {"object": filling.thing.name, "field": filling.target.name}
    details = {**names, "code": code}
    await audit.append(work, [Entry("field.typeChangeFailed", "fieldDefinition", filling.target.id, details=details)])
    await jobs.fail(work, message.job_id, reason=code)


async def _row(work: ReadWork, change_id: UUID) -> Mapping[str, Any] | None:
    row = await work.session.row(sa.select(type_change).where(type_change.c.id == change_id))
    return None if row is None else dict(row)


async def _known_row(work: ReadWork, change_id: UUID) -> Mapping[str, Any]:
    row = await _row(work, change_id)
    assert row is not None
    return row
