"""The nightly snapshot of the sales funnel: one for each day, frozen [E7]."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import sqlalchemy as sa

from schema.tables.jobs import report_snapshot, report_snapshot_row
from services import capabilities, records, reports
from tenants.clock import utc_now
from tenants.transactions import Transactions
from tests.builders.clocks import StandingClock

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.context import ReadWork, Work
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES
_numbers = itertools.count(1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(tenant: Tenant, moment: datetime) -> Tenant:
    """The same tenant at another time."""
    installation = tenant.installation
    transactions = Transactions(installation.databases, installation.cache, clock=StandingClock(moment))
    return replace(tenant, installation=replace(installation, transactions=transactions))


def tomorrow(hour: int) -> datetime:
    """An hour of the next day in the tenant's zone."""
    return utc_now().astimezone(SHANGHAI).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=1)


async def opportunities(tenant: Tenant, *given: tuple[str, str | None, str]) -> None:
    async def write(work: Work) -> None:
        customer = await records.create(work, "customer", [{"name": f"北京长河{next(_numbers)}信息有限公司"}])
        rows: list[dict[str, object]] = [
            {
                "name": f"商机 {number}",
                "customerId": str(customer.ids[0]),
                "stage": stage,
                "amount": {"amount": amount, "currency": currency} if amount else None,
            }
            for number, (stage, amount, currency) in enumerate(given)
        ]
        await records.create(work, "opportunity", rows)

    await tenant.write(write)


async def snapshots(tenant: Tenant) -> dict[date, list[tuple[Any, ...]]]:  # the values of a row
    async def read(work: ReadWork) -> dict[date, list[tuple[Any, ...]]]:
        taken = {row["id"]: row["taken_on"] for row in await work.session.rows(sa.select(report_snapshot))}
        found: dict[date, list[tuple[Any, ...]]] = {day: [] for day in taken.values()}
        for row in await work.session.rows(sa.select(report_snapshot_row).order_by(report_snapshot_row.c.position)):
            found[taken[row["snapshot_id"]]].append((
                row["dimensions"]["stage"],
                row["record_count"],
                row["amount"],
                row["currency"],
            ))
        return found

    return await tenant.read(read)


async def test_the_funnel_is_counted_and_summed_by_stage_and_currency(tenant: Tenant) -> None:
    await opportunities(
        tenant, ("needs", "100", "CNY"), ("needs", "50.5", "CNY"), ("needs", "9", "USD"), ("won", None, ""),
        ("qualify", "1", "CNY"),
    )  # fmt: skip

    await tenant.write(reports.take_funnel_snapshot)

    assert await snapshots(tenant) == {
        utc_now().astimezone(SHANGHAI).date(): [
            ("qualify", 1, Decimal("1.0000"), "CNY"),
            ("needs", 2, Decimal("150.5000"), "CNY"),
            ("needs", 1, Decimal("9.0000"), "USD"),
            ("won", 1, None, None),
        ]
    }


async def test_a_day_has_one_snapshot_and_it_keeps_what_it_saw(tenant: Tenant) -> None:
    await opportunities(tenant, ("needs", "100", "CNY"))
    first = await tenant.write(reports.take_funnel_snapshot)
    before = await snapshots(tenant)
    await opportunities(tenant, ("won", "5", "CNY"))

    second = await tenant.write(reports.take_funnel_snapshot)

    assert (first is None, second) == (False, None)
    assert await snapshots(tenant) == before


async def test_of_two_at_once_one_takes_it(tenant: Tenant) -> None:
    await opportunities(tenant, ("needs", "100", "CNY"))

    taken = await asyncio.gather(*(tenant.write(reports.take_funnel_snapshot) for _ in range(4)))

    assert sum(each is not None for each in taken) == 1
    assert [len(rows) for rows in (await snapshots(tenant)).values()] == [1]


async def test_the_first_hour_of_a_day_takes_it_and_the_others_do_not(tenant: Tenant) -> None:
    """Hours are those of the tenant's zone: midnight in Shanghai is four in the afternoon in UTC."""
    evening, midnight, one = tomorrow(23) - timedelta(days=1), tomorrow(0), tomorrow(1)

    taken = [
        await at(tenant, moment).write(reports.take_nightly_funnel_snapshot) for moment in (evening, midnight, one)
    ]

    assert [each is not None for each in taken] == [False, True, False]
    assert list(await snapshots(tenant)) == [midnight.date()]


async def test_a_night_without_a_scheduler_is_made_up_for_in_the_morning(tenant: Tenant) -> None:
    taken = await at(tenant, tomorrow(9)).write(reports.take_nightly_funnel_snapshot)

    assert taken is not None
    assert list(await snapshots(tenant)) == [tomorrow(9).date()]


async def test_a_snapshot_cannot_be_changed_or_removed(tenant: Tenant) -> None:
    await opportunities(tenant, ("needs", "100", "CNY"))
    await tenant.write(reports.take_funnel_snapshot)

    for statement in (
        sa.update(report_snapshot_row).values(record_count=7),
        sa.delete(report_snapshot_row),
        sa.update(report_snapshot).values(report="other"),
        sa.delete(report_snapshot),
    ):

        async def change(work: Work, statement: sa.Executable = statement) -> None:
            await work.session.execute(statement)

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tenant.write(change)
