"""Timers: requests folded in order, each due one fired once [D4]."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from jobs import timers as statements
from tenants.cells import outbox, timer_request, timers
from tenants.clock import utc_now
from tenants.ids import IdMaker

if TYPE_CHECKING:
    from datetime import datetime

    from tests.builders.background import Cell

IDS = IdMaker()


async def ask(cell: Cell, key: str, due: datetime | None, *, number: int = 0, tenant: str = "t_one") -> UUID:
    request_id = IDS.new(0)
    row = {"id": request_id, "tenant": tenant, "key": key, "due": due, "message": "test.ring", "payload": {"n": number}}
    await cell.execute(sa.insert(timer_request).values(row))
    return request_id


async def armed(cell: Cell) -> list[tuple[str, str, int]]:
    rows = await cell.rows(sa.select(timers).order_by(timers.c.tenant, timers.c.key))
    return [(row["tenant"], row["key"], row["payload"]["n"]) for row in rows]


async def test_requests_become_timers_and_go(cell: Cell) -> None:
    due = utc_now() + timedelta(days=7)
    await ask(cell, "a", due)
    await ask(cell, "a", due, tenant="t_two")

    await cell.execute(statements.fold())

    assert await armed(cell) == [("t_one", "a", 0), ("t_two", "a", 0)]
    assert await cell.rows(sa.select(timer_request.c.id)) == []


async def test_of_several_requests_for_a_key_the_last_one_counts(cell: Cell) -> None:
    due = utc_now() + timedelta(days=7)
    for number in range(3):
        await ask(cell, "a", due + timedelta(days=number), number=number)

    await cell.execute(statements.fold())

    assert await armed(cell) == [("t_one", "a", 2)]


async def test_a_request_moves_the_timer_of_its_key(cell: Cell) -> None:
    await ask(cell, "a", utc_now() + timedelta(days=7), number=1)
    await cell.execute(statements.fold())
    sooner = utc_now() + timedelta(days=1)
    await ask(cell, "a", sooner, number=2)

    await cell.execute(statements.fold())

    (row,) = await cell.rows(sa.select(timers))
    assert (row["due"], row["payload"]) == (sooner, {"n": 2})


async def test_a_request_without_a_time_cancels(cell: Cell) -> None:
    await ask(cell, "a", utc_now() + timedelta(days=7))
    await ask(cell, "b", utc_now() + timedelta(days=7))
    await cell.execute(statements.fold())
    await ask(cell, "a", None)
    await ask(cell, "never armed", None)

    await cell.execute(statements.fold())

    assert await armed(cell) == [("t_one", "b", 0)]


async def test_a_due_timer_leaves_its_message_in_the_outbox(cell: Cell) -> None:
    due = utc_now() - timedelta(seconds=1)
    await ask(cell, "a", due, number=4)
    await ask(cell, "later", utc_now() + timedelta(days=1))
    await cell.execute(statements.fold())

    fired = await cell.execute(statements.fire())

    assert fired == 1
    (row,) = await cell.rows(sa.select(outbox))
    assert (row["tenant"], row["message"], row["payload"], row["not_before"], row["state"]) == (
        "t_one",
        "test.ring",
        {"n": 4},
        due,
        "waiting",
    )
    assert [key for _, key, _ in await armed(cell)] == ["later"]


async def test_timers_fire_once_however_many_relays_look(cell: Cell) -> None:
    for number in range(50):
        await ask(cell, f"key {number}", utc_now() - timedelta(seconds=1), number=number)
    await cell.execute(statements.fold())

    fired = await asyncio.gather(*(cell.execute(statements.fire()) for _ in range(6)))

    assert sum(fired) == 50
    numbers = sorted(row["payload"]["n"] for row in await cell.rows(sa.select(outbox)))
    assert numbers == list(range(50))
