"""[G7] Every tenant's audit chain is checked once a day, and administrators are told of the first bad entry."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa

from jobs import audit as jobs_audit
from jobs import heads
from jobs.scheduler import CALENDAR
from jobs.sequencer import Sequencer
from schema.tables.audit import audit_entry
from schema.tables.jobs import notification
from services.audit_checks import CheckAudit
from tenants.administration import administrator, connected

if TYPE_CHECKING:
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant


async def signed(cell: Cell) -> None:
    installation = cell.installation
    sequencer = Sequencer(cell.cells, installation.catalog, cell.name, uuid4())
    while await sequencer.sequence() or sequencer.is_behind:
        pass
    await heads.across_tenants_sign(installation.catalog, installation.audit_key, sequencer.take_moved())
    await sequencer.resign()


async def check(cell: Cell, tenant: Tenant) -> None:
    await cell.clear()
    ids = await cell.put(tenant.placement.schema, message=CheckAudit.name)
    await cell.drain()
    assert await cell.states(ids) == ["done"]


async def told(tenant: Tenant) -> list[tuple[object, str]]:
    query = sa.select(notification.c.user_id, notification.c.title_en).where(notification.c.kind == "audit.broken")
    return [(row["user_id"], row["title_en"]) for row in await tenant.read(lambda work: work.session.rows(query))]


def counted(found: str) -> float:
    return float(jobs_audit.CHECKS.labels(found)._value.get())


def test_checking_is_on_the_calendar_once_a_day() -> None:
    (line,) = [each for each in CALENDAR if isinstance(each.message, CheckAudit)]

    assert line.every.total_seconds() == 24 * 3600


async def test_a_chain_that_holds_is_noted_and_nobody_is_disturbed(cell: Cell, tenant: Tenant) -> None:
    await signed(cell)
    before = counted("whole")

    await check(cell, tenant)

    checks = sa.select(sa.func.count()).select_from(audit_entry).where(audit_entry.c.action == "audit.checked")
    assert await tenant.read(lambda work: work.session.scalar(checks)) == 1
    assert (await told(tenant), counted("whole") - before) == ([], 1)


async def test_administrators_are_told_of_the_first_bad_entry_once(cell: Cell, tenant: Tenant) -> None:
    await signed(cell)
    async with connected(administrator(cell.installation.settings.database, cell.name)) as connection:
        await connection.control(f"SET search_path = {tenant.placement.schema}")
        await connection.control("UPDATE audit_entry SET body = body || ' ' WHERE seq IN (3, 5)")
    before = counted("broken")

    await check(cell, tenant)
    await check(cell, tenant)

    sentence = "The audit chain does not hold from entry 3: it was changed after it was written"
    assert await told(tenant) == [(tenant.user_id("admin"), sentence)]
    assert counted("broken") - before == 2
