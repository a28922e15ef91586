"""Fairness: every tenant gets its turn, and no more than its share [D4]."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from jobs import attempts, claims
from jobs.queues import Queue
from tenants.cells import outbox
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tests.builders.background import Cell


async def claimed(cell: Cell, *, queue: str = "default", per_tenant: int = 4, in_flight: int = 64) -> list[UUID]:
    return [row["id"] for row in await cell.rows(claims.claim(Queue(queue, per_tenant, in_flight)))]


async def tenants_of(cell: Cell, ids: Sequence[UUID]) -> dict[str, int]:
    rows = await cell.rows(sa.select(outbox.c.tenant).where(outbox.c.id.in_(ids)))
    return dict(Counter(row["tenant"] for row in rows))


async def test_a_quiet_tenant_does_not_wait_behind_a_busy_one(cell: Cell) -> None:
    await cell.put("t_busy", number=500)
    await cell.put("t_quiet", number=1)

    assert await tenants_of(cell, await claimed(cell, in_flight=3)) == {"t_busy": 2, "t_quiet": 1}


async def test_a_tenant_holds_at_most_its_share(cell: Cell) -> None:
    await cell.put("t_busy", number=20)

    first, second = await claimed(cell, per_tenant=4), await claimed(cell, per_tenant=4)

    assert (len(first), second) == (4, [])


async def test_what_waits_in_one_queue_stands_before_nothing_in_another(cell: Cell) -> None:
    for number in range(20):
        await cell.put(f"t_{number}", queue="bulk", number=4)
    (awaited,) = await cell.put("t_0")

    assert len(await claimed(cell, queue="bulk", per_tenant=1, in_flight=16)) == 16
    assert await claimed(cell, queue="bulk", per_tenant=1, in_flight=16) == []
    assert await claimed(cell, in_flight=1) == [awaited]


async def test_an_ended_message_makes_room_for_the_next(cell: Cell) -> None:
    await cell.put("t_busy", number=20)
    first = await claimed(cell, per_tenant=4)
    await cell.rows(attempts.start(first[0]))
    await cell.execute(attempts.finish(first[0]))

    assert len(await claimed(cell, per_tenant=4)) == 1


async def test_all_tenants_together_hold_at_most_what_the_cell_may(cell: Cell) -> None:
    for number in range(10):
        await cell.put(f"t_{number}", number=4)

    first, second = await claimed(cell, in_flight=16), await claimed(cell, in_flight=16)

    assert (len(first), second) == (16, [])
    assert set((await tenants_of(cell, first)).values()) == {1, 2}


async def test_the_oldest_of_a_tenant_goes_first(cell: Cell) -> None:
    now = utc_now()
    (young,) = await cell.put("t_one", not_before=now - timedelta(minutes=1))
    (old,) = await cell.put("t_one", not_before=now - timedelta(minutes=2))

    assert await claimed(cell, in_flight=1) == [old]
    assert (await cell.message(young))["state"] == "waiting"


async def test_what_is_not_due_stays(cell: Cell) -> None:
    await cell.put(not_before=utc_now() + timedelta(hours=1))

    assert await claimed(cell) == []


async def test_a_message_that_nobody_starts_is_sent_again_ever_more_patiently(cell: Cell) -> None:
    (message_id,) = await cell.put()
    patience = []
    for _ in range(9):
        assert await claimed(cell) == [message_id]
        row = await cell.message(message_id)
        patience.append(round((row["lease_until"] - utc_now()).total_seconds()))
        await cell.let_leases_end()
        assert await cell.execute(claims.give_up()) == 1

    assert patience == [5, 10, 20, 40, 80, 160, 320, 320, 320]


async def test_a_run_whose_worker_was_killed_waits_again(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await claimed(cell)
    await cell.rows(attempts.start(message_id))
    await cell.let_leases_end()

    await cell.execute(claims.give_up())

    row = await cell.message(message_id)
    assert (row["state"], row["attempts"], row["sends"]) == ("waiting", 1, 0)


async def test_a_living_run_is_left_alone(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))

    assert await cell.execute(claims.give_up()) == 0


async def test_a_turn_waits_for_the_one_before_it(cell: Cell) -> None:
    assert await cell.rows(claims.turn()) == []
    holder = (await cell.put())[0]

    await cell.execute(claims.prepare_turn(holder))
    await cell.execute(claims.prepare_turn(holder))

    assert [row["name"] for row in await cell.rows(claims.turn())] == ["relay"]
