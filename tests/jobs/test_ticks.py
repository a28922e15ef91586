"""Turns as rows: the first who inserts the row has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from jobs import ticks
from services.reports import TakeFunnelSnapshot
from tenants.cells import outbox
from tenants.clock import utc_now

if TYPE_CHECKING:
    from tests.builders.background import Cell


async def test_a_turn_is_taken_once(cell: Cell) -> None:
    now = utc_now()

    taken = [await cell.rows(ticks.take("test.job", now)) for _ in range(3)]

    assert [len(rows) for rows in taken] == [1, 0, 0]
    assert len(await cell.rows(ticks.take("other.job", now))) == 1


async def test_a_message_is_put_for_each_tenant(cell: Cell) -> None:
    await cell.execute(ticks.put_for_each(["t_one", "t_two"], TakeFunnelSnapshot()))

    rows = await cell.rows(sa.select(outbox).order_by(outbox.c.tenant))
    assert [(row["tenant"], row["message"], row["payload"], row["queue"], row["state"]) for row in rows] == [
        ("t_one", "reports.take_funnel_snapshot", {}, "bulk", "waiting"),
        ("t_two", "reports.take_funnel_snapshot", {}, "bulk", "waiting"),
    ]


async def test_a_cell_without_tenants_gets_no_message(cell: Cell) -> None:
    await cell.execute(ticks.put_for_each([], TakeFunnelSnapshot()))

    assert await cell.rows(sa.select(outbox.c.id)) == []
