"""The story goes through the write path, and a loading that stopped goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.jobs import job, report_snapshot
from schema.tables.records import record_history
from services import capabilities, demo, metadata
from services.demo.generation import story
from services.demo.staffing import accounts
from tenants.cells import outbox
from tests.builders.demo import created
from tests.builders.records import stored
from tests.builders.tenants import make_tenant

if TYPE_CHECKING:
    from datetime import datetime

    from services.demo.chronicle import Operation
    from tenants.context import Work
    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES
pytestmark = pytest.mark.integration
# As many as it takes for deals to reach every period.
CUSTOMERS = 8


@dataclass(frozen=True, slots=True)
class Loading:
    """A small demo company whose first period was loaded."""

    tenant: Tenant
    message: demo.LoadDemo
    periods: tuple[tuple[Operation, ...], ...]

    async def next(self) -> bool:
        return await self.tenant.write(lambda work: demo.load_next(work, self.message))

    async def progress(self) -> tuple[str, int, int]:
        (row,) = await self.tenant.read(lambda work: work.session.rows(sa.select(job)))
        return row["state"], row["progress"], row["total"]

    async def histories(self) -> int:
        query = sa.select(sa.func.count()).select_from(record_history)
        found: int = await self.tenant.read(lambda work: work.session.scalar(query))
        return found

    def happened(self, periods: int) -> int:
        """How many records were created or changed in the first periods."""
        return sum(len(operation.ids) for period in self.periods[:periods] for operation in period)


@pytest.fixture
async def loading(installation: Installation, provisioner: Provisioner) -> Loading:
    tenant = await make_tenant(installation, provisioner, staff={})
    await tenant.define(lambda work: demo.staff(work, "correct horse battery"))

    async def begin(work: Work) -> tuple[UUID, datetime]:
        return await demo.begin(work, customers=CUSTOMERS), work.now.replace(microsecond=0)

    job_id, end = await tenant.write(begin)
    registry = await tenant.read(metadata.registry)
    numbers = tuple((name, names.number) for name, names in sorted(registry.names.items()))
    periods = story(end, await tenant.read(accounts), numbers, customers=CUSTOMERS)
    return Loading(tenant, demo.LoadDemo(job_id, end.isoformat(), CUSTOMERS), periods)


async def test_first_customers_are_there_and_a_job_is_left(loading: Loading) -> None:
    (customer_id, told), *_ = created(loading.periods[0], "customer").items()

    row = await stored(loading.tenant, "customer", customer_id)
    cells = loading.tenant.installation.cells
    query = sa.select(outbox.c.payload).where(
        outbox.c.tenant == loading.tenant.placement.schema, outbox.c.message == "demo.load"
    )
    left: list[Any] = await cells.rows(loading.tenant.placement.cell, "relay", query)

    assert (row["name"], row["phone"], row["owner_id"]) == (told["name"], told["phone"], told["ownerId"])
    assert row["created_at"] == loading.periods[0][0].at
    assert await loading.progress() == ("queued", 1, len(loading.periods))
    assert await loading.histories() == loading.happened(1)
    assert await loading.tenant.read(demo.has_begun) is True
    assert [demo.LoadDemo.parse(each["payload"]) for each in left] == [loading.message]


async def test_interrupted_period_is_loaded_again_and_none_twice(loading: Loading) -> None:
    class Killed(Exception):
        pass

    async def killed_at_the_end(work: Work) -> None:
        await demo.load_next(work, loading.message)
        raise Killed

    await loading.next()
    with pytest.raises(Killed):
        await loading.tenant.write(killed_at_the_end)
    stopped_at = await loading.progress(), await loading.histories()
    await loading.next()

    assert stopped_at == (("running", 2, len(loading.periods)), loading.happened(2))
    assert await loading.progress() == ("running", 3, len(loading.periods))
    assert await loading.histories() == loading.happened(3)


async def test_told_story_is_told_once(loading: Loading) -> None:
    steps = 1
    while await loading.next():
        steps += 1
    more = await loading.next()

    entries = sa.select(sa.func.count()).select_from(audit_entry).where(audit_entry.c.object_name == "opportunity")
    snapshots = sa.select(sa.func.count()).select_from(report_snapshot)
    opportunities = sum(
        len(each.ids) for period in loading.periods for each in period if each.object_name == "opportunity"
    )
    assert (steps, more) == (len(loading.periods) - 1, False)
    assert await loading.progress() == ("done", len(loading.periods), len(loading.periods))
    assert await loading.histories() == loading.happened(len(loading.periods))
    assert await loading.tenant.read(lambda work: work.session.scalar(entries)) == opportunities
    assert await loading.tenant.read(lambda work: work.session.scalar(snapshots)) == 1


async def test_message_of_an_unknown_job_does_nothing(loading: Loading) -> None:
    stranger = demo.LoadDemo(uuid4(), loading.message.end, CUSTOMERS)

    assert await loading.tenant.write(lambda work: demo.load_next(work, stranger)) is False
    assert await loading.histories() == loading.happened(1)


async def test_history_lies_in_the_past_of_the_story(loading: Loading) -> None:
    await loading.next()

    moments = sa.select(sa.func.min(record_history.c.created_at), sa.func.max(record_history.c.created_at))
    (row,) = await loading.tenant.read(lambda work: work.session.rows(moments))
    begin = loading.periods[0][0].at
    assert row[0] == begin
    assert timedelta(0) < row[1] - begin < timedelta(days=31)
