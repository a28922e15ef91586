"""Gives the records of one entry of a dictionary the one that it was merged into, a thousand at a time through the write path.

Each step is a transaction of its own, in the name of whoever asked. It may run twice: a record that was moved is not
found again. Records that a rule of their object refuses keep what they hold, and the job says how many.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.dictionaries import dictionary, dictionary_entry
from schema.tables.jobs import JobState, job
from services import audit, jobs, metadata, records
from services.dictionaries.keeping import ENTRY
from tenants.errors import Refused
from tenants.sql import SCHEMA, Slot, Template, ident, render, sql, value

if TYPE_CHECKING:
    from services.dictionaries.messages import MergeEntries
    from services.jobs import Stage
    from tenants.context import Work


@dataclass(frozen=True, slots=True)
class Order:
    """A merge as it was asked for, and the fields whose records it moves."""

    job_id: UUID
    entry_id: UUID
    requested_by: UUID | None
    old: str
    new: str
    # Object, field, and whether it holds several values.
    fields: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: the last record looked at, and how many were refused."""

    last: UUID
    left: int


async def merge_records(stage: Stage, message: MergeEntries) -> None:
    """All of it; nothing if it is done, or the entry was offered again meanwhile."""
    order = await stage.write(lambda work: _begin(work, message))
    if order is None:
        return
    acting, left = stage.on_behalf_of(order.requested_by), 0
    for field in order.fields:
        last = jobs.BEFORE_ALL
        while (step := await acting.write(_step(order, field, last))) is not None:
            last, left = step.last, left + step.left
    await acting.write(lambda work: _finish(work, order, left=left))


async def _begin(work: Work, message: MergeEntries) -> Order | None:
    into = dictionary_entry.alias("into")
    row = await work.session.row(
        sa
        .select(dictionary_entry.c.key, into.c.key.label("new"), dictionary.c.name, job.c.requested_by_id)
        .select_from(dictionary_entry)
        .join(into, into.c.id == dictionary_entry.c.merged_into_id)
        .join(dictionary, dictionary.c.id == dictionary_entry.c.dictionary_id)
        .join(job, job.c.id == message.job_id)
        .where(dictionary_entry.c.id == message.entry_id, dictionary_entry.c.retired, job.c.state != JobState.DONE)
    )
    if row is None:
        await jobs.finish(work, message.job_id)
        return None
    await jobs.begin(work, message.job_id)
    shape = (await metadata.registry(work)).shape
    fields = tuple(
        (thing.name, field.name, field.type_name == "multiChoice")
        for thing in shape.objects.values()
        for field in thing.fields
        if metadata.dictionary_of(field) == row["name"]
    )
    return Order(message.job_id, message.entry_id, row["requested_by_id"], row["key"], row["new"], fields)


def _step(order: Order, place: tuple[str, str, bool], last: UUID) -> Callable[[Work], Awaitable[Step | None]]:
    async def step(work: Work) -> Step | None:
        object_name, field_name, is_list = place
        registry = await metadata.registry(work)
        template = _holding(object_name, field_name, is_list=is_list)
        asked = {"after": last, "key": order.old, "size": records.LARGEST_SET}
        found = await work.session.fetch(template.bound(work.session.schema, asked, registry.physical))
        if not found:
            return None
        moved = 0
        held = sorted(((_held(row["value"]), row["id"]) for row in found), key=lambda each: (str(each[0]), each[1]))
        for before, rows in groupby(held, key=lambda each: each[0]):
            moved += await _move(work, object_name, [row_id for _, row_id in rows], field_name, before, order)
        await jobs.advance(work, order.job_id, moved)
        return Step(found[-1]["id"], len(found) - moved)

    return step


def _held(stored: object) -> object:
    return tuple(stored) if isinstance(stored, list) else stored


async def _move(  # noqa: PLR0917 - what moves, from what, to what
    work: Work, object_name: str, ids: Sequence[UUID], field_name: str, before: object, order: Order
) -> int:
    """How many have the new value now; where one is refused, each is asked alone."""
    after: object = order.new
    only_if: Mapping[str, object] = {field_name: before}
    if isinstance(before, tuple):
        after = list(dict.fromkeys(order.new if each == order.old else each for each in before))
        only_if = {field_name: list(before)}
    try:
        async with work.session.savepoint():
            done = await records.update(
                work, object_name, ids, {field_name: after}, skip_missing=True, only_if=only_if, opened=(field_name,)
            )
    except Refused:
        if len(ids) == 1:
            return 0
        return sum([await _move(work, object_name, [each], field_name, before, order) for each in ids])
    return len(done.ids)


async def _finish(work: Work, order: Order, *, left: int) -> None:
    # Those too that a run moved which was cut short.
    moved = await work.session.scalar(sa.select(job.c.progress).where(job.c.id == order.job_id))
    await jobs.finish_counted(work, order.job_id, left=left)
    details = {"from": order.old, "into": order.new, "records": moved, "left": left}
    await audit.append(work, [audit.Entry("dictionary.recordsMoved", ENTRY, order.entry_id, details=details)])


# --- statements -------------------------------------------------------------------------------------------------------


def _holding(object_name: str, field_name: str, *, is_list: bool) -> Template:
    column = ident(Slot(object_name, field_name))
    key = value("key", "text")
    return render(
        sql(
            "SELECT id, {column} AS value FROM {schema}.{table}"
            " WHERE id > {after} AND deleted_at IS NULL AND {holds} ORDER BY id LIMIT {size}",
            column=column,
            schema=SCHEMA,
            table=ident(Slot(object_name)),
            after=value("after", "uuid"),
            holds=sql("{column} @> ARRAY[{key}]", column=column, key=key)
            if is_list
            else sql("{column} = {key}", column=column, key=key),
            size=value("size", "integer"),
        )
    )
