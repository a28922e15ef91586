"""Gives the records of a hand-over to their new owners, a thousand at a time through the write path.

Each step is a transaction of its own: readers wait for nothing, writers for the records of one step. It may run twice,
because a record that has gone is owned by somebody else and is not found again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.hand_over import hand_over, hand_over_record
from schema.tables.permissions import user
from services import audit, identity, jobs, metadata, query, records
from services.hand_over.rules import OWNER, Rule, Share, shares
from services.permissions import Verb

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.objects import Object
    from services.hand_over.messages import MoveRecords
    from services.jobs import Stage
    from tenants.context import DefinitionWork, Work

# The states from which it goes on.
MOVING = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class Order:
    """A hand-over as it was asked for."""

    id: UUID
    job_id: UUID
    leaver: UUID
    requested_by: UUID | None
    deactivates: bool
    shares: tuple[Share, ...] = ()


async def move(stage: Stage, message: MoveRecords) -> None:
    """All of it; nothing if it is done."""
    order = await stage.write(lambda work: _begin(work, message))
    if order is None:
        return
    acting = stage.on_behalf_of(order.requested_by)
    for share in order.shares:
        while await acting.write(_step(order, share)):
            pass
    if order.deactivates:
        await acting.define(lambda work: _lock_out(work, order))
    await acting.write(lambda work: _finish(work, order))


async def _begin(work: Work, message: MoveRecords) -> Order | None:
    row = await work.session.row(sa.select(hand_over).where(hand_over.c.id == message.hand_over_id))
    if row is None or row["state"] not in MOVING:
        return None
    await work.session.execute(_to_state(work, message.hand_over_id, "running"))
    await jobs.begin(work, message.job_id)
    rules = tuple(map(Rule.from_json, row["rules"]))
    registry = await metadata.registry(work)
    found = shares(registry, row["from_user_id"], rules)
    # Lines first: they would go along with their heads, and neither be counted nor go where a rule of theirs says.
    ordered = tuple(sorted(found, key=lambda each: not _has_heads(registry.shape.objects[each.object_name])))
    return Order(row["id"], message.job_id, row["from_user_id"], row["requested_by_id"], row["deactivates"], ordered)


def _has_heads(thing: Object) -> bool:
    return any(field.relation is not None and field.relation.lines_by for field in thing.fields)


def _step(order: Order, share: Share) -> Callable[[Work], Awaitable[int]]:
    async def step(work: Work) -> int:
        found = await query.matching_ids(
            work, share.object_name, share.condition, share.values, verb=Verb.UPDATE, limit=records.LARGEST_SET
        )
        if not found:
            return 0
        new_owner = {"ownerId": share.to_user_id}
        # Whoever gave a record away since it was found is not overruled.
        still_theirs = {OWNER: order.leaver}
        moved = (
            await records.update(work, share.object_name, found, new_owner, skip_missing=True, only_if=still_theirs)
        ).ids
        noted = await work.session.rows(_note(order, share, moved)) if moved else ()
        count = sum(row["is_new"] for row in noted)
        counted = hand_over.c.moved + count
        await work.session.execute(sa.update(hand_over).where(hand_over.c.id == order.id).values(moved=counted))
        await jobs.advance(work, order.job_id, count)
        return len(found)

    return step


def _note(order: Order, share: Share, moved: Sequence[UUID]) -> sa.Executable:
    """Who has the records now; one that came back meanwhile goes again and counts once."""
    rows = [{"hand_over_id": order.id, "record_id": each, "to_user_id": share.to_user_id} for each in moved]
    noted = pg.insert(hand_over_record).values(rows)
    again = {"to_user_id": noted.excluded.to_user_id, "reversed": False}
    # A row that was there before carries the transaction that changes it.
    is_new = sa.literal_column("xmax = 0", sa.Boolean).label("is_new")
    return noted.on_conflict_do_update(index_elements=["hand_over_id", "record_id"], set_=again).returning(is_new)


async def _lock_out(work: DefinitionWork, order: Order) -> None:
    if await identity.is_last_admin(work, order.leaver):
        # The others went while the records did. Somebody must be left to let people in.
        return
    if await work.session.scalar(sa.select(user.c.state).where(user.c.id == order.leaver)) == "active":
        await identity.deactivate_user(work, order.leaver)
        did = sa.update(hand_over).where(hand_over.c.id == order.id).values(locked_out_at=work.now)
        await work.session.execute(did)


async def _finish(work: Work, order: Order) -> None:
    moved = await work.session.scalar(_to_state(work, order.id, "done", finished_at=work.now))
    await jobs.finish(work, order.job_id)
    details = {"handOver": order.id, "records": moved}
    await audit.append(work, [audit.Entry("handOver.done", "user", order.leaver, details=details)])


def _to_state(work: Work, hand_over_id: UUID, state: str, **values: object) -> sa.Executable:
    return (
        sa
        .update(hand_over)
        .where(hand_over.c.id == hand_over_id)
        .values(state=state, version=hand_over.c.version + 1, updated_at=work.now, **values)
        .returning(hand_over.c.moved)
    )
