from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from services import timers
from services.messages import Message
from services.timers import Timer
from tenants.cells import timer_request

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant

FIRST, SECOND = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ring(Message):
    name = "test.ring"

    times: int


async def requests(tenant: Tenant) -> list[tuple[object, ...]]:
    query = (
        sa
        .select(timer_request.c.key, timer_request.c.due, timer_request.c.message, timer_request.c.payload)
        .where(timer_request.c.tenant == tenant.placement.schema, timer_request.c.key.like("test:%"))
        .order_by(timer_request.c.id)
    )
    return [tuple(row) for row in await tenant.installation.cells.rows(tenant.placement.cell, "relay", query)]


async def test_requests_stand_in_the_order_in_which_they_were_made(tenant: Tenant) -> None:
    async def ask(work: Work) -> None:
        await timers.arm(work, "test:1", FIRST, Ring(1))
        await timers.arm_all(work, [Timer("test:2", FIRST, Ring(2)), Timer("test:1", SECOND, Ring(3))])
        await timers.cancel(work, "test:2", "test:3")

    await tenant.write(ask)

    assert await requests(tenant) == [
        ("test:1", FIRST, "test.ring", {"times": 1}),
        ("test:2", FIRST, "test.ring", {"times": 2}),
        ("test:1", SECOND, "test.ring", {"times": 3}),
        ("test:2", None, "", {}),
        ("test:3", None, "", {}),
    ]


async def test_nothing_to_ask_for_touches_nothing(shared_tenant: Tenant) -> None:
    async def ask(work: Work) -> list[str]:
        await timers.arm_all(work, [])
        await timers.cancel(work)
        return work.touched

    assert await shared_tenant.write(ask) == []
