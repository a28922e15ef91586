"""Gives the records of a hand-over back to whom they came from, as far as they are still where it put them.

In steps, like the way there. It may run twice: a record that was looked at is marked in the transaction that returns it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.hand_over import hand_over, hand_over_record
from schema.tables.permissions import user
from services import audit, identity, jobs, metadata, query, records
from services.hand_over.rules import OWNER
from services.permissions import Verb
from services.query.plan import And, Compare, Parameter
from tenants.ids import object_number

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from services.hand_over.messages import ReturnRecords
    from services.jobs import Stage
    from tenants.context import DefinitionWork, ReadWork, Work

# The state of one on its way back.
RETURNING = "reversing"
_STILL_THERE = And((Compare("id", "in", Parameter(0)), Compare(OWNER, "eq", Parameter(1))))


async def give_back(stage: Stage, message: ReturnRecords) -> None:
    """All of it; nothing if it is back."""
    row = await stage.write(lambda work: _begin(work, message))
    if row is None:
        return
    acting = stage.on_behalf_of(row["requested_by_id"])
    if row["locked_out_at"] is not None:
        await acting.define(lambda work: _let_in(work, row))
    while await acting.write(_step(message, row["from_user_id"])):
        pass
    await acting.write(lambda work: _finish(work, message, row["from_user_id"]))


async def _begin(work: Work, message: ReturnRecords) -> asyncpg.Record | None:
    row = await work.session.row(sa.select(hand_over).where(hand_over.c.id == message.hand_over_id))
    # A message that was parked, and is let go on after its reversal was asked for again, is not the one that does it.
    if row is None or row["state"] != RETURNING or row["job_id"] != message.job_id:
        return None
    await jobs.begin(work, message.job_id)
    return row


async def can_take(work: ReadWork, row: asyncpg.Record) -> bool:
    """Whether the leaver is there, or is let in again: nobody else's lock-out is undone, and nothing goes to who is out."""
    if await _is_active(work, row["from_user_id"]):
        return True
    if row["locked_out_at"] is None:
        return False
    again = await work.session.scalar(_locked_out_since(row["from_user_id"], row["locked_out_at"]))
    return again is None


async def _let_in(work: DefinitionWork, row: asyncpg.Record) -> None:
    leaver = row["from_user_id"]
    if not await _is_active(work, leaver) and await can_take(work, row):
        await identity.reactivate_user(work, leaver)


async def _is_active(work: ReadWork, user_id: UUID) -> bool:
    state: object = await work.session.scalar(sa.select(user.c.state).where(user.c.id == user_id))
    return state == "active"


def _step(message: ReturnRecords, leaver: UUID) -> Callable[[Work], Awaitable[int]]:
    async def step(work: Work) -> int:
        rows = await work.session.rows(_next(message.hand_over_id))
        returned = 0
        for (number, holder), ids in _by_object_and_holder(rows).items():
            returned += await _return(work, number, holder, ids, leaver)
        await work.session.execute(_mark(message.hand_over_id, [row["record_id"] for row in rows]))
        counted = hand_over.c.returned + returned
        await work.session.execute(
            sa.update(hand_over).where(hand_over.c.id == message.hand_over_id).values(returned=counted)
        )
        await jobs.advance(work, message.job_id, len(rows))
        return len(rows)

    return step


async def _return(work: Work, number: int, holder: UUID, ids: Sequence[UUID], leaver: UUID) -> int:
    name = (await metadata.registry(work)).by_number.get(number)
    if name is None:
        return 0
    values = ([str(each) for each in ids], str(holder))
    still_there = await query.matching_ids(work, name, _STILL_THERE, values, verb=Verb.UPDATE, limit=len(ids))
    if not still_there:
        return 0
    back, theirs = {"ownerId": leaver}, {OWNER: holder}
    return len((await records.update(work, name, still_there, back, skip_missing=True, only_if=theirs)).ids)


async def _finish(work: Work, message: ReturnRecords, leaver: UUID) -> None:
    returned = await work.session.scalar(
        sa
        .update(hand_over)
        .where(hand_over.c.id == message.hand_over_id)
        .values(state="reversed", version=hand_over.c.version + 1, updated_at=work.now)
        .returning(hand_over.c.returned)
    )
    await jobs.finish(work, message.job_id)
    details = {"handOver": message.hand_over_id, "records": returned}
    await audit.append(work, [audit.Entry("handOver.reversed", "user", leaver, details=details)])


def _by_object_and_holder(rows: Sequence[asyncpg.Record]) -> dict[tuple[int, UUID], list[UUID]]:
    found: dict[tuple[int, UUID], list[UUID]] = defaultdict(list)
    for row in rows:
        found[object_number(row["record_id"]), row["to_user_id"]].append(row["record_id"])
    return found


def _locked_out_since(user_id: UUID, moment: datetime) -> sa.Select[tuple[UUID]]:
    said = audit_entry.c
    again = sa.and_(said.record_id == user_id, said.action == "user.deactivated", said.created_at > moment)
    return sa.select(said.id).where(again).limit(1)


def _next(hand_over_id: UUID) -> sa.Select[tuple[UUID, UUID]]:
    moved = hand_over_record.c
    waiting = sa.and_(moved.hand_over_id == hand_over_id, moved.reversed.is_(False))
    chosen = sa.select(moved.record_id, moved.to_user_id).where(waiting)
    return chosen.order_by(moved.record_id).limit(records.LARGEST_SET)


async def count_left(work: ReadWork, hand_over_id: UUID) -> int:
    """How many records were not looked at on the way back."""
    moved = hand_over_record.c
    waiting = sa.and_(moved.hand_over_id == hand_over_id, moved.reversed.is_(False))
    count: int = await work.session.scalar(sa.select(sa.func.count()).select_from(hand_over_record).where(waiting))
    return count


def _mark(hand_over_id: UUID, ids: Sequence[UUID]) -> sa.Update:
    moved = hand_over_record.c
    looked_at = sa.and_(moved.hand_over_id == hand_over_id, moved.record_id.in_(ids))
    return sa.update(hand_over_record).where(looked_at).values(reversed=True)
