"""Old records get what a field's columns lack; what a user writes meanwhile stays."""

from __future__ import annotations

from functools import partial
from hashlib import md5
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.records import change
from services.jobs import BEFORE_ALL, Step
from services.metadata import FieldChange, update_field
from services.metadata.backfilling import Backfill, step
from services.metadata.loading import definitions
from tenants.cells import outbox
from tests.builders.background import Cell
from tests.builders.metadata import fill_customers
from tests.builders.records import create_one, stored

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition
    from tenants.context import Work
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def field_of(work: Work, name: str) -> FieldDefinition:
    (customer,) = [each for each in await definitions(work) if each.name == "customer"]
    found = customer.field(name)
    assert found is not None
    return found


async def run(tenant: Tenant, name: str, *, fills: bool = False, size: int = 2) -> list[int]:
    """The whole table in steps; how many rows each of them saw."""

    async def one(work: Work, after: UUID) -> Step | None:
        (customer,) = [each for each in await definitions(work) if each.name == "customer"]
        backfill = Backfill(customer, await field_of(work, name), fills=fills)
        return await step(work, backfill, after=after, size=size)

    done = await tenant.write(lambda work: one(work, BEFORE_ALL))
    counts = []
    while done is not None:
        counts.append(done.count)
        done = await tenant.write(partial(one, after=done.last))
    return counts


async def test_steps_go_over_every_row_once(tenant: Tenant) -> None:
    await fill_customers(tenant, 5)

    assert await run(tenant, "name") == [2, 2, 1]
    assert await run(tenant, "name", size=100) == [5]


async def test_keys_are_computed_from_what_is_stored(tenant: Tenant) -> None:
    await fill_customers(tenant, 1, name="云启有限责任公司")
    first = UUID(md5("云启有限责任公司1".encode(), usedforsecurity=False).hexdigest())

    await run(tenant, "name")

    row = await stored(tenant, "customer", first)
    assert (row["name_norm"], row["name_sort"]) == ("云启有限公司1", "yun qi you xian ze ren gong si 1")


async def test_default_goes_to_empty_values_only(tenant: Tenant) -> None:
    empty = await create_one(tenant, "customer", name="One", status=None)
    chosen = await create_one(tenant, "customer", name="Two", status="lost")

    await run(tenant, "status", fills=True)

    assert (await stored(tenant, "customer", empty))["status"] == "potential"
    assert (await stored(tenant, "customer", chosen))["status"] == "lost"


async def test_followers_of_the_feed_are_told_of_defaults_that_records_were_given(tenant: Tenant) -> None:
    empty = await create_one(tenant, "customer", name="One", status=None)
    await create_one(tenant, "customer", name="Two", status="lost")
    before = await told(tenant)

    await run(tenant, "status", fills=True, size=10)
    after = await told(tenant)
    await run(tenant, "status", fills=True, size=10)

    assert [each for each in after if each not in before] == [(empty, 1, "derived")]
    assert await told(tenant) == after
    cell = Cell(tenant.installation, tenant.placement.cell)
    payload = outbox.c.payload["fields"].astext == '["status"]'
    rows = await cell.rows(sa.select(outbox).where(outbox.c.tenant == tenant.placement.schema, payload))
    assert [(row["message"], row["payload"]["object_name"], row["payload"]["ids"]) for row in rows] == [
        ("record.updated", "customer", [str(empty)])
    ]


async def told(tenant: Tenant) -> list[tuple[UUID, int, str]]:
    """The feed so far."""
    rows = await tenant.read(lambda work: work.session.rows(sa.select(change).order_by(change.c.id)))
    return [(row["record_id"], row["version"], row["kind"]) for row in rows]


async def test_field_without_anything_to_compute_is_left_alone(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="One", region="East")

    await run(tenant, "region")

    assert (await stored(tenant, "customer", made))["version"] == 1


async def test_field_made_sortable_gets_keys(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="One", region="华东")

    changes = FieldChange(options={"sortKey": "pinyin"})
    await tenant.define(lambda work: update_field(work, "customer", "region", changes), person="admin")

    assert (await stored(tenant, "customer", made))["region_sort"] == "hua dong"
