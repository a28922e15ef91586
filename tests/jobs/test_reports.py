"""The hourly message finds its verb, which takes one snapshot a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.jobs import report_snapshot
from schema.tables.metadata import pack_installation
from services.reports import TakeFunnelSnapshot
from tenants.clock import utc_now

if TYPE_CHECKING:
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_two_hours_of_a_day_leave_one_snapshot(cell: Cell, tenant: Tenant) -> None:
    began = sa.update(pack_installation).values(installed_at=utc_now() - timedelta(days=2))
    await tenant.define(lambda work: work.session.execute(began))
    ids = await cell.put(tenant.placement.schema, message=TakeFunnelSnapshot.name, number=2)

    await cell.drain()

    taken = sa.select(sa.func.count()).select_from(report_snapshot)
    assert await cell.states(ids) == ["done", "done"]
    assert await tenant.read(lambda work: work.session.scalar(taken)) == 1
