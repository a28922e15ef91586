"""The demo company's story goes through the write path, period by period, as if its people had entered it.

The first period is loaded with the tenant, the others by a job whose row counts the periods that are done: a job that
starts again goes on where the last one stopped.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.jobs import job
from services import jobs, metadata, records, reports
from services.demo.chronicle import Create
from services.demo.generation import CUSTOMERS, story
from services.demo.messages import LoadDemo
from services.demo.staffing import accounts
from tenants.ids import IdMaker

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from services.demo.chronicle import Operation
    from tenants.context import ReadWork, Work


class _StoryIds(IdMaker):
    """Hands out the ids that the story has already given to its records; all others are made as ever."""

    def __init__(self, number: int, ids: Iterable[UUID]) -> None:
        super().__init__()
        self._number = number
        self._ids = deque(ids)

    def new(self, number: int) -> UUID:
        """The next id of the story, if it is one of its object."""
        return self._ids.popleft() if number == self._number and self._ids else super().new(number)


async def has_begun(work: ReadWork) -> bool:
    """Whether the loading job was left already."""
    return await work.session.scalar(sa.select(sa.exists().where(job.c.kind == LoadDemo.name))) is True


async def begin(work: Work, *, customers: int = CUSTOMERS) -> UUID:
    """Load the first hundred customers and leave the rest to a job, whose id is answered."""
    end = work.now.replace(microsecond=0)
    periods = await _periods(work, end, customers)
    for operation in periods[0]:
        await _perform(work, operation)
    job_id = await jobs.ask(work, lambda made: LoadDemo(made, end.isoformat(), customers), total=len(periods))
    await jobs.advance(work, job_id, 1)
    return job_id


async def load_next(work: Work, message: LoadDemo) -> bool:
    """Load one more period; false when the story is told. May run twice: the job's row is locked and counts."""
    # The lock keeps two runs of one job from telling the same period.
    found = await work.session.row(
        sa.select(job.c.progress, job.c.total).where(job.c.id == message.job_id).with_for_update()
    )
    if found is None or found["progress"] >= found["total"]:
        return False
    done = found["progress"]
    periods = await _periods(work, datetime.fromisoformat(message.end), message.customers)
    for operation in periods[done]:
        await _perform(work, operation)
    await jobs.begin(work, message.job_id)
    await jobs.advance(work, message.job_id, 1)
    if done + 1 < len(periods):
        return True
    # The nightly snapshots begin with the whole story, not with what was loaded by the first midnight.
    await reports.take_funnel_snapshot(work)
    await jobs.finish(work, message.job_id)
    return False


async def _periods(work: Work, end: datetime, customers: int) -> tuple[tuple[Operation, ...], ...]:
    registry = await metadata.registry(work)
    numbers = tuple((name, names.number) for name, names in sorted(registry.names.items()))
    return story(end, await accounts(work), numbers, customers=customers)


async def _perform(work: Work, operation: Operation) -> None:
    then = replace(work, now=operation.at)
    if isinstance(operation, Create):
        number = (await metadata.registry(work)).names[operation.object_name].number
        then = replace(then, ids=_StoryIds(number, operation.ids))
        await records.create(then, operation.object_name, operation.records)
    else:
        await records.update(then, operation.object_name, operation.ids, dict(operation.changes))
