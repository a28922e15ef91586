"""What users see of background work: the rows of the object `job`, from the moment it is asked for to its end.

A message whose dataclass has a field `job_id` is shown by that row, so that one that is parked does not look as if it
still ran.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeVar
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.jobs import JobState, job
from services import outbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from services.messages import Message
    from tenants.context import DefinitionWork, Work
    from tenants.sql import BoundSql

T = TypeVar("T")

_NUMBER = SYSTEM_OBJECTS["job"][1].number
_ENDED = (JobState.DONE, JobState.FAILED, JobState.PARKED)
# Where going through a table begins.
BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Step:
    """How far somebody is who goes through a table: the last id, and how many rows were looked at."""

    last: UUID
    count: int


class Stage(Protocol):
    """Where a job of many transactions runs: it opens those of one tenant as the system, one after the other."""

    def on_behalf_of(self, user_id: UUID | None, /) -> Self:
        """The same, with a user's name on what is done."""
        ...

    async def write(self, verb: Callable[[Work], Awaitable[T]], /) -> T:
        """A transaction that writes records."""
        ...

    async def define(self, verb: Callable[[DefinitionWork], Awaitable[T]], /) -> T:
        """A transaction that changes definitions."""
        ...

    async def outside(self, statement: Callable[[str], BoundSql], /) -> None:
        """A statement of the owner outside of any transaction, given the tenant's schema."""
        ...


async def ask(work: Work, message_of: Callable[[UUID], Message], *, total: int | None = None) -> UUID:
    """Leave something to the background, with a row that shows how far it is; the row's id."""
    job_id = work.ids.new(_NUMBER)
    message = message_of(job_id)
    row = {"id": job_id, "kind": message.name, "total": total, "requested_by_id": work.principal.user_id}
    await work.session.execute(sa.insert(job).values(**row, created_at=work.now, updated_at=work.now))
    await outbox.put(work, message)
    return job_id


async def begin(work: Work, job_id: UUID, *, total: int | None = None) -> None:
    """It runs; one that goes through everything again, given how much that is, begins at nothing."""
    counted = {} if total is None else {"progress": 0, "total": total}
    await work.session.execute(_update(work, job_id, state=JobState.RUNNING, **counted))


async def advance(work: Work, job_id: UUID, count: int) -> None:
    """So many more are done."""
    await work.session.execute(_update(work, job_id, progress=job.c.progress + count))


async def go_through(stage: Stage, job_id: UUID, step: Callable[[Work, UUID], Awaitable[Step | None]]) -> None:
    """Go through a table, some rows after the last ones in a transaction each, until nothing is left."""
    last: UUID | None = BEFORE_ALL
    while last is not None:
        last = await stage.write(_counted(job_id, step, last))


def _counted(
    job_id: UUID, step: Callable[[Work, UUID], Awaitable[Step | None]], after: UUID
) -> Callable[[Work], Awaitable[UUID | None]]:
    async def verb(work: Work) -> UUID | None:
        done = await step(work, after)
        if done is None:
            return None
        await advance(work, job_id, done.count)
        return done.last

    return verb


async def finish(work: Work, job_id: UUID) -> None:
    """All of it is done."""
    await work.session.execute(_update(work, job_id, state=JobState.DONE, finished_at=work.now))


async def finish_counted(work: Work, job_id: UUID, *, left: int) -> None:
    """Only at its end it is known how much it was; so many could not be done."""
    counted = {"total": job.c.progress + left, "reason": f"LEFT {left}" if left else None}
    await work.session.execute(_update(work, job_id, state=JobState.DONE, finished_at=work.now, **counted))


async def fail(work: Work, job_id: UUID, *, reason: str, details: Mapping[str, object] | None = None) -> None:
    """It cannot be done; the reason is the code of an error, the details are told to readers of the `field` of every record of the `object`."""
    found = {} if details is None else {"details": details}
    failed = _update(work, job_id, state=JobState.FAILED, finished_at=work.now, reason=reason, **found)
    await work.session.execute(failed)


async def park(work: Work, job_id: UUID, *, reason: str) -> None:
    """It stopped without an end and an operator must look. May run twice; a job that ended stays as it ended."""
    parked = _update(work, job_id, state=JobState.PARKED, reason=reason, finished_at=work.now)
    await work.session.execute(parked.where(job.c.state.not_in(_ENDED)))


async def requeue(work: Work, job_id: UUID) -> None:
    """An operator lets it run again. May run twice; only a job that is parked is queued."""
    queued = _update(work, job_id, state=JobState.QUEUED, reason=None, finished_at=None)
    await work.session.execute(queued.where(job.c.state == JobState.PARKED))


# --- statements -------------------------------------------------------------------------------------------------------


def _update(work: Work, job_id: UUID, **values: object) -> sa.Update:
    moved_on = {"version": job.c.version + 1, "updated_at": work.now}
    return sa.update(job).where(job.c.id == job_id).values(**values, **moved_on)
