"""[A2] A unique rule over a long table while others write: what it refuses meanwhile, and that no duplicate outlives its opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.fields import FieldState
from services import metadata
from services.metadata import BuildField, FieldChange
from services.metadata.sizes import MOST_ROWS_AT_ONCE
from tenants.cells import outbox
from tenants.sql import SCHEMA, BoundSql, integer, render, sql, value
from tenants.transactions import Moved
from tests.builders.jobs import Interrupted, job_row
from tests.builders.metadata import fill_customers, indexes_of, stage_of
from tests.builders.records import create_one, refused, update
from tests.builders.regions import INDEX, make_region_unique, state_of

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_writers_are_held_to_what_is_filled_and_what_they_repeat_besides_gives_the_rule_up(
    tenant: Tenant,
) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    made = await make_region_unique(tenant)
    assert made.job_id is not None
    told: list[object] = []
    twins: list[str] = []

    async def repeat() -> None:
        filled, empty = [await some_region(tenant, is_filled=each) for each in (True, False)]
        told.append(await refused(create_one(tenant, "customer", name="A", region=filled)))
        told.append(await refused(update_with(tenant, region=filled.upper(), of=empty)))
        twins.append(str(await create_one(tenant, "customer", name="B", region=empty)))

    stage = Interrupted(stage_of(tenant), {"write 3": repeat})

    await metadata.build_field(stage, await message_of(tenant, made.job_id))

    assert told == [[((0, "region"), "UNIQUE_TAKEN")]] * 2
    assert (await state_of(tenant), INDEX in await indexes_of(tenant, "customer")) == ((FieldState.LIVE, False), False)
    failed = await job_row(tenant, made.job_id)
    assert (failed["state"], failed["reason"]) == ("failed", "VALUES_NOT_UNIQUE")
    assert failed["progress"] == failed["total"] == MOST_ROWS_AT_ONCE + 2
    ((alike,), count) = failed["details"]["ids"], failed["details"]["count"]
    assert (count, len(alike), twins[0] in alike) == (1, 2, True)


async def test_rule_that_holds_goes_on_to_hold_while_its_field_gets_another_index(tenant: Tenant) -> None:
    rule = FieldChange(is_unique=True, is_indexed=False)
    await tenant.define(lambda work: metadata.update_field(work, "customer", "region", rule), person="admin")
    await tenant.write(lambda work: work.session.run(fill_with_regions(work)))

    made = await tenant.define(
        lambda work: metadata.update_field(work, "customer", "region", FieldChange(is_indexed=True)), person="admin"
    )
    assert made.job_id is not None
    building = (await state_of(tenant), INDEX in await indexes_of(tenant, "customer"))
    taken = await refused(create_one(tenant, "customer", name="A", region="R 1"))
    await metadata.build_field(stage_of(tenant), BuildField(made.id, made.job_id))

    assert building == ((FieldState.BUILDING, True), True)
    assert taken == [((0, "region"), "UNIQUE_TAKEN")]
    assert await state_of(tenant) == (FieldState.LIVE, True)
    assert {INDEX, "ix_customer_region"} <= {*await indexes_of(tenant, "customer")}


async def test_what_was_kept_for_a_rule_of_before_stands_in_nobodys_way(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    made = await make_region_unique(tenant)
    assert made.job_id is not None
    await metadata.build_field(stage_of(tenant), BuildField(made.id, made.job_id))
    await tenant.define(
        lambda work: metadata.update_field(work, "customer", "region", FieldChange(is_unique=False)), person="admin"
    )
    one, other = [await region_at(tenant, at) for at in (0, -1)]
    for of, region in ((one, "aside"), (other, one), ("aside", other)):
        await update_with(tenant, region=region, of=of)

    again = await make_region_unique(tenant)
    assert again.job_id is not None
    message = await message_of(tenant, again.job_id)
    await metadata.build_field(stage_of(tenant), message)

    assert not message.guards
    assert await state_of(tenant) == (FieldState.LIVE, True)
    assert await refused(create_one(tenant, "customer", name="A", region=one)) == [((0, "region"), "UNIQUE_TAKEN")]


async def test_field_that_is_retired_and_restored_during_its_build_is_left_to_the_next_job(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    made = await make_region_unique(tenant)
    assert made.job_id is not None
    again: list[metadata.Defined] = []

    async def retire_and_restore() -> None:
        region = await some_region(tenant, is_filled=True)
        await tenant.define(lambda work: metadata.retire_field(work, "customer", "region"), person="admin")
        await create_one(tenant, "customer", name="Meanwhile")
        again.append(
            await tenant.define(lambda work: metadata.restore_field(work, "customer", "region"), person="admin")
        )
        await create_one(tenant, "customer", name="Twin", region=region)

    stage = Interrupted(stage_of(tenant), {"write 3": retire_and_restore})

    with pytest.raises(Moved):
        await metadata.build_field(stage, await message_of(tenant, made.job_id))
    waiting = await state_of(tenant)
    assert again[0].job_id is not None
    await metadata.build_field(stage_of(tenant), await message_of(tenant, again[0].job_id))

    assert waiting == (FieldState.BUILDING, True)
    assert (await state_of(tenant), INDEX in await indexes_of(tenant, "customer")) == ((FieldState.LIVE, False), False)


async def test_job_that_finds_its_field_open_leaves_the_index_alone(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    made = await make_region_unique(tenant)
    assert made.job_id is not None
    message = await message_of(tenant, made.job_id)
    stage = Interrupted(stage_of(tenant), {"define 1": lambda: metadata.build_field(stage_of(tenant), message)})

    await metadata.build_field(stage, message)

    assert message.guards
    assert (await state_of(tenant), INDEX in await indexes_of(tenant, "customer")) == ((FieldState.LIVE, True), True)
    assert (await job_row(tenant, made.job_id))["state"] == "done"


async def message_of(tenant: Tenant, job_id: UUID) -> BuildField:
    """What the background was asked for."""
    asked = sa.select(outbox.c.payload).where(outbox.c.payload["job_id"].astext == str(job_id))
    (row,) = await tenant.installation.cells.rows(tenant.placement.cell, "relay", asked)
    return BuildField.parse(row["payload"])


async def some_region(tenant: Tenant, *, is_filled: bool) -> str:
    """A region whose normal form is there, or not yet."""
    filled = sql("region_norm IS NOT NULL") if is_filled else sql("region_norm IS NULL")
    asked = sql("SELECT region FROM {schema}.customer WHERE {filled} LIMIT 1", schema=SCHEMA, filled=filled)
    ((region,),) = await tenant.read(lambda work: work.session.fetch(render(asked).bound(work.session.schema, {})))
    return str(region)


async def region_at(tenant: Tenant, position: int) -> str:
    """The region of the record that is filled first, or last."""
    order = sql("id") if position == 0 else sql("id DESC")
    asked = sql("SELECT region FROM {schema}.customer ORDER BY {order} LIMIT 1", schema=SCHEMA, order=order)
    ((region,),) = await tenant.read(lambda work: work.session.fetch(render(asked).bound(work.session.schema, {})))
    return str(region)


async def update_with(tenant: Tenant, *, region: str, of: str) -> None:
    """Give another region to the record that has this one."""
    asked = sql("SELECT id FROM {schema}.customer WHERE region = {of}", schema=SCHEMA, of=value("of", "text"))
    ((record_id,),) = await tenant.read(
        lambda work: work.session.fetch(render(asked).bound(work.session.schema, {"of": of}))
    )
    await update(tenant, "customer", record_id, region=region)


def fill_with_regions(work: Work) -> BoundSql:
    """More customers than one transaction goes over, with the normal forms of their regions."""
    return render(
        sql(
            "INSERT INTO {schema}.customer (id, name, name_sort, name_norm, region, region_norm)"
            " SELECT gen_random_uuid(), 'n' || n, 'n' || n, 'n' || n, 'r ' || n, 'r ' || n"
            " FROM generate_series(1, {count}) AS n",
            schema=SCHEMA,
            count=integer(MOST_ROWS_AT_ONCE + 1),
        )
    ).bound(work.session.schema, {})
