"""Asking for a hand-over and for its reversal: checked at once, done in the background, kept as history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.hand_over import hand_over
from schema.tables.jobs import JobState, job
from services import audit, jobs, metadata
from services.hand_over.errors import HandOverLeaverLockedOut, HandOverNotDone, HandOverNotFound, HandOverTooOld
from services.hand_over.messages import MoveRecords, ReturnRecords
from services.hand_over.moving import MOVING
from services.hand_over.preview import total
from services.hand_over.returning import RETURNING, can_take, count_left
from services.hand_over.rules import Rule
from services.hand_over.validation import check, require_administrator

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from tenants.context import ReadWork, Work

REVERSIBLE = timedelta(days=30)
_NUMBER = SYSTEM_OBJECTS["handOver"][1].number


@dataclass(frozen=True, slots=True)
class Started:
    """A hand-over, and the job that shows how far it is."""

    id: UUID
    job_id: UUID


async def request(work: Work, leaver: UUID, rules: Sequence[Rule], *, deactivates: bool) -> Started:
    """Hand over what a user owns; with `deactivates` the user is locked out once everything has gone."""
    registry = await metadata.registry(work)
    await check(work, registry, leaver, rules, deactivates=deactivates)
    count = await total(work, registry, leaver, rules)
    hand_over_id = work.ids.new(_NUMBER)
    made = Started(hand_over_id, await jobs.ask(work, partial(MoveRecords, hand_over_id), total=count))
    kept = [rule.as_json() for rule in rules]
    await work.session.execute(
        sa.insert(hand_over).values(
            id=made.id,
            from_user_id=leaver,
            rules=kept,
            deactivates=deactivates,
            requested_by_id=work.principal.id,
            job_id=made.job_id,
            created_at=work.now,
            updated_at=work.now,
        )
    )
    details = {"handOver": made.id, "rules": kept, "deactivates": deactivates, "records": count}
    await audit.append(work, [audit.Entry("handOver.requested", "user", leaver, details=details)])
    return made


async def reverse(work: Work, hand_over_id: UUID) -> Started:
    """Give back what has not moved on since; the user is let in again if the hand-over locked the user out.

    Asked again of one whose way back was parked, it goes on with what is left.
    """
    await require_administrator(work)
    # The row's lock lets one of two reversals through.
    row = await work.session.row(sa.select(hand_over).where(hand_over.c.id == hand_over_id).with_for_update())
    if row is None:
        raise HandOverNotFound
    is_on_its_way = row["state"] == RETURNING
    if is_on_its_way:
        # It was asked for in time.
        await _parked_at(work, row)
    elif work.now - await _ended_at(work, row) > REVERSIBLE:
        raise HandOverTooOld(days=REVERSIBLE.days)
    if not await can_take(work, row):
        raise HandOverLeaverLockedOut
    left = await count_left(work, hand_over_id) if is_on_its_way else row["moved"]
    made = Started(hand_over_id, await jobs.ask(work, partial(ReturnRecords, hand_over_id), total=left))
    await work.session.execute(
        sa
        .update(hand_over)
        .where(hand_over.c.id == hand_over_id)
        .values(state=RETURNING, job_id=made.job_id, version=hand_over.c.version + 1, updated_at=work.now)
    )
    entry = audit.Entry("handOver.reversal_requested", "user", row["from_user_id"], details={"handOver": hand_over_id})
    await audit.append(work, [entry])
    return made


async def _ended_at(work: Work, row: asyncpg.Record) -> datetime:
    """When it was done, or stopped where it was; refused while it goes on, or goes back."""
    if row["state"] == "done":
        done: datetime = row["finished_at"]
        return done
    if row["state"] not in MOVING:
        raise HandOverNotDone(state=row["state"])
    return await _parked_at(work, row)


async def _parked_at(work: Work, row: asyncpg.Record) -> datetime:
    """When its job was parked; refused while it is not."""
    # Locked, so that whoever lets the message run again waits, and it then finds that another job goes on.
    behind = await work.session.row(sa.select(job).where(job.c.id == row["job_id"]).with_for_update())
    if behind is None or behind["state"] != JobState.PARKED:
        raise HandOverNotDone(state=row["state"])
    stopped: datetime = behind["finished_at"]
    return stopped


async def started(work: ReadWork, hand_over_id: UUID) -> Started:
    """One that was asked for before."""
    row = await work.session.row(sa.select(hand_over.c.job_id).where(hand_over.c.id == hand_over_id))
    if row is None:
        raise HandOverNotFound
    return Started(hand_over_id, row["job_id"])
