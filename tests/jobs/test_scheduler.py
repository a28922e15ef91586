"""Every turn is taken once, by whichever of the schedulers, and its messages come with it [D4]."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jobs import attempts
from jobs.calendar import Periodic
from jobs.scheduler import CALENDAR, CLEANING, Scheduler
from services.audit_checks import CheckAudit
from services.files import SweepFiles
from services.reports import TakeFunnelSnapshot
from services.retention import ForgetOld
from services.secrets import SealAnew
from tenants.cells import outbox, ticks
from tenants.clock import utc_now
from tests.builders.clocks import StandingClock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

# Ticks of long ago are cleaned, so the clock of these tests stands on a day of today.
NOON = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)


def scheduler(cell: Cell, clock: StandingClock, calendar: Sequence[Periodic] = CALENDAR) -> Scheduler:
    return Scheduler(cell.cells, cell.installation.catalog, cell.name, clock, calendar)


async def test_a_message_goes_to_every_tenant_of_the_cell(
    cell: Cell, shared_tenant: Tenant, other_tenant: Tenant
) -> None:
    taken = await scheduler(cell, StandingClock(NOON)).tick()

    assert taken == [CLEANING, TakeFunnelSnapshot.name, ForgetOld.name, CheckAudit.name, SweepFiles.name, SealAnew.name]
    rows = await cell.rows(sa.select(outbox).where(outbox.c.message == TakeFunnelSnapshot.name))
    everyone = await cell.installation.catalog.each_active_placement(cell.name)
    assert sorted(row["tenant"] for row in rows) == [placement.schema for placement in everyone]
    assert {shared_tenant.placement.schema, other_tenant.placement.schema} <= {row["tenant"] for row in rows}
    assert {(row["message"], str(row["payload"]), row["state"]) for row in rows} == {
        (TakeFunnelSnapshot.name, "{}", "waiting")
    }


async def test_a_turn_is_taken_once_by_many_schedulers(cell: Cell) -> None:
    clock = StandingClock(NOON)
    calendar = (Periodic("test.tick", timedelta(seconds=5)),)
    schedulers = [scheduler(cell, clock, calendar) for _ in range(6)]
    taken: Counter[str] = Counter()

    for _ in range(20):
        for names in await asyncio.gather(*(each.tick() for each in schedulers)):
            taken.update(names)
        clock.advance(seconds=5)

    assert taken == {"test.tick": 20}
    assert len(await cell.rows(sa.select(ticks.c.at))) == 20


async def test_a_scheduler_that_slept_takes_the_present_turn_only(cell: Cell) -> None:
    clock = StandingClock(NOON)
    sleeper, other = scheduler(cell, clock), scheduler(cell, clock)
    await sleeper.tick()
    clock.advance(hours=5)

    assert await other.tick() == [CLEANING, TakeFunnelSnapshot.name]
    assert await sleeper.tick() == []
    assert len(await cell.rows(sa.select(ticks.c.at).where(ticks.c.job == CLEANING))) == 2


async def test_a_clock_that_jumps_back_repeats_no_turn(cell: Cell) -> None:
    clock = StandingClock(NOON)
    first = scheduler(cell, clock)
    await first.tick()
    clock.advance(hours=1)
    await first.tick()

    clock.advance(hours=-1)

    assert await first.tick() == []


async def test_cleaning_goes_on_until_nothing_old_is_left(cell: Cell) -> None:
    old = NOON - timedelta(days=3650)
    number = 2 * attempts.CLEAN_AT_ONCE + 1
    ids = sa.func.gen_random_uuid()
    many = sa.select(ids, sa.literal("t_nobody"), sa.literal("test.old"), sa.literal({}, pg.JSONB), *done(old))
    columns = ("id", "tenant", "message", "payload", "state", "finished_at")
    await cell.execute(sa.insert(outbox).from_select(columns, many.select_from(sa.func.generate_series(1, number))))

    await scheduler(cell, StandingClock(NOON), (Periodic(CLEANING, timedelta(hours=1)),)).tick()

    assert await cell.states() == []


async def test_cleaning_ends_with_its_time_though_not_before_one_round(cell: Cell) -> None:
    await cell.put(state="done", finished_at=NOON - timedelta(days=3650), number=3)
    hurried = scheduler(cell, StandingClock(NOON), (Periodic(CLEANING, timedelta(hours=1)),))
    hurried.cleaning_seconds, hurried.clean_at_once = 0.0, 1

    await hurried.tick()

    assert await cell.states() == ["done", "done"]


def done(at: datetime) -> tuple[sa.ColumnElement[object], ...]:
    return sa.literal("done"), sa.literal(at)


async def test_cleaning_is_a_turn_too(cell: Cell) -> None:
    await cell.put(state="done", finished_at=NOON - timedelta(days=3650))
    await cell.put(state="waiting")

    await scheduler(cell, StandingClock(NOON), (Periodic(CLEANING, timedelta(hours=1)),)).tick()

    assert await cell.states() == ["waiting"]
