"""The nightly message finds its verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.scheduler import CALENDAR
from services.retention import ForgetOld

if TYPE_CHECKING:
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant


def test_forgetting_is_on_the_calendar_once_a_day() -> None:
    (line,) = [each for each in CALENDAR if isinstance(each.message, ForgetOld)]

    assert line.every.total_seconds() == 24 * 3600


async def test_message_of_a_tenant_is_done(cell: Cell, tenant: Tenant) -> None:
    ids = await cell.put(tenant.placement.schema, message=ForgetOld.name)

    await cell.drain()

    assert await cell.states(ids) == ["done"]
