"""Which waiting messages of a queue go to the broker next, as statements: every tenant its turn, so many of one at most.

Tenants are found by a loose scan over an index, one step per tenant that has something waiting, however much it is.
Claims of one cell are made one after another under `turn`, so that the caps hold exactly.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jobs.attempts import RowState, is_in
from services.messages import UNAWAITED
from tenants.cells import lease, outbox

if TYPE_CHECKING:
    from uuid import UUID

    from jobs.queues import Queue

# A sent message that nobody started is sent again after this, then after twice this, up to the longest.
SENT_LEASE = timedelta(seconds=5)
_LONGEST_DOUBLING = 6
_CLOSED_AT_ONCE = 5_000


def prepare_turn(holder: UUID) -> pg.Insert:
    """The row that `turn` locks."""
    return pg.insert(lease).values(name="relay", holder=holder, token=0, until=sa.func.now()).on_conflict_do_nothing()


def turn() -> sa.Select[tuple[str]]:
    """Wait for the other relays of the cell to end their transaction."""
    # The row lock stands for "claims and timers of this cell": it keeps the caps exact and requests in order.
    return sa.select(lease.c.name).where(lease.c.name == "relay").with_for_update()


def give_up() -> sa.Update:
    """Messages whose lease ran out wait again: their worker was killed, or the broker lost them."""
    return (
        sa
        .update(outbox)
        .where(is_in(outbox, RowState.SENT, RowState.RUNNING), outbox.c.lease_until < sa.func.now())
        .values(state=RowState.WAITING, lease_until=None)
    )


def close(*, at_once: int = _CLOSED_AT_ONCE) -> sa.Update:
    """Messages that nobody awaits are done without being sent, so many in a turn."""
    some = sa.select(outbox.c.id).where(is_in(outbox, RowState.WAITING), outbox.c.queue == UNAWAITED).limit(at_once)
    return sa.update(outbox).where(outbox.c.id.in_(some)).values(state=RowState.DONE, finished_at=sa.func.now())


def claim(queue: Queue) -> sa.Update:
    """Mark the next messages as sent and answer them, the first place of every tenant before the second of any."""
    held = _held(queue).cte("held")
    waiting = _waiting_tenants(queue)
    mine = _first_of(waiting, queue)
    already = sa.func.coalesce(held.c.number, 0)
    place = already + sa.func.row_number().over(partition_by=waiting.c.tenant, order_by=(mine.c.not_before, mine.c.id))
    placed = (
        sa
        .select(mine.c.id, mine.c.not_before, place.label("place"))
        .select_from(waiting.join(mine, sa.true()).outerjoin(held, held.c.tenant == waiting.c.tenant))
        .cte("placed")
    )
    room = sa.func.greatest(
        queue.in_flight - sa.select(sa.func.coalesce(sa.func.sum(held.c.number), 0)).scalar_subquery(), 0
    )
    chosen = (
        sa
        .select(placed.c.id)
        .where(placed.c.place <= queue.per_tenant)
        .order_by(placed.c.place, placed.c.not_before, placed.c.id)
        .limit(room)
    )
    patience = SENT_LEASE * sa.cast(sa.func.power(2, sa.func.least(outbox.c.sends, _LONGEST_DOUBLING)), sa.Double)
    return (
        sa
        .update(outbox)
        .where(outbox.c.id.in_(chosen))
        .values(state=RowState.SENT, sends=outbox.c.sends + 1, lease_until=sa.func.now() + patience)
        .returning(outbox.c.id, outbox.c.message, outbox.c.queue)
    )


def _ready(table: sa.FromClause, queue: Queue) -> sa.ColumnElement[bool]:
    return sa.and_(is_in(table, RowState.WAITING), table.c.queue == queue.name, table.c.not_before <= sa.func.now())


def _held(queue: Queue) -> sa.Select[tuple[object, int]]:
    """How many messages of each tenant are with the broker or a worker."""
    held = sa.and_(is_in(outbox, RowState.SENT, RowState.RUNNING), outbox.c.queue == queue.name)
    return sa.select(outbox.c.tenant, sa.func.count().label("number")).where(held).group_by(outbox.c.tenant)


def _waiting_tenants(queue: Queue) -> sa.CTE:
    """Every tenant with something ready, each found by one step in the index."""
    first = outbox.alias("first")
    following = outbox.alias("following")
    found = (
        sa
        .select(first.c.tenant)
        .where(_ready(first, queue))
        .order_by(first.c.tenant)
        .limit(1)
        .cte("waiting", recursive=True)
    )
    step = (
        sa
        .select(following.c.tenant)
        .where(_ready(following, queue), following.c.tenant > found.c.tenant)
        .order_by(following.c.tenant)
        .limit(1)
        .correlate(found)
        .lateral("step")
    )
    return found.union_all(sa.select(step.c.tenant).select_from(found.join(step, sa.true())))


def _first_of(waiting: sa.CTE, queue: Queue) -> sa.sql.selectable.LateralFromClause:
    """The oldest ready messages of a tenant."""
    mine = outbox.alias("mine")
    return (
        sa
        .select(mine.c.id, mine.c.not_before)
        .where(mine.c.tenant == waiting.c.tenant, _ready(mine, queue))
        .order_by(mine.c.not_before, mine.c.id)
        .limit(queue.per_tenant)
        # A worker that starts a row right now holds its lock; that row needs no sending.
        .with_for_update(skip_locked=True)
        .correlate(waiting)
        .lateral("mine")
    )
