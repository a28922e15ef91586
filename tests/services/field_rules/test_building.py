"""[A4] Unique rules over several fields of a long table: a job builds the index or gives up, and from its index on writers are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import field_rules, records
from services.field_rules import BuildUniqueRule
from services.metadata import MOST_ROWS_AT_ONCE
from tenants.sql import SCHEMA, render, sql
from tenants.transactions import Moved
from tests.builders.jobs import Interrupted, job_row
from tests.builders.metadata import fill_customers, indexes_of, registry_of, stage_of
from tests.builders.records import create_one, refused

if TYPE_CHECKING:
    from services.field_rules import UniqueRule
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

INDEX = "ux_customer_short_name__region"
FIELDS = ("shortName", "region")


async def fill(tenant: Tenant) -> None:
    """More customers than one transaction goes over, each in a region of its own, all called the same for short."""
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    named = render(sql("UPDATE {schema}.customer SET short_name = 'x'", schema=SCHEMA)).bound(
        tenant.placement.schema, {}
    )
    await tenant.write(lambda work: work.session.run(named))


async def unique(tenant: Tenant) -> UniqueRule:
    return await tenant.define(lambda work: field_rules.create_unique_rule(work, "customer", FIELDS), person="admin")


async def build(tenant: Tenant, made: UniqueRule) -> None:
    assert made.job_id is not None
    await field_rules.build_unique_rule(stage_of(tenant), BuildUniqueRule(made.id, made.job_id))


async def states(tenant: Tenant) -> list[tuple[bool, bool]]:
    """Of the rules over these fields: whether there is one, and whether it is being built."""
    found = (await registry_of(tenant)).shape.objects["customer"].indexes
    return [(each.is_unique, each.is_building) for each in found if each.fields == FIELDS]


async def test_rule_holds_once_a_job_has_built_it(tenant: Tenant) -> None:
    await fill(tenant)

    made = await unique(tenant)
    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([(True, True)], False)
    await create_one(tenant, "customer", name="B", shortName="y", region="region 7")
    for _ in range(2):
        await build(tenant, made)
    taken = await refused(create_one(tenant, "customer", name="C", shortName="y", region="region 7"))

    assert taken == [((0, "shortName"), "UNIQUE_TAKEN")]
    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([(True, False)], True)
    done = await job_row(tenant, made.job_id)
    assert (done["state"], done["kind"]) == ("done", "field_rules.build_unique_rule")


async def test_what_is_written_alike_before_the_index_stands_gives_the_rule_up(tenant: Tenant) -> None:
    await fill(tenant)
    made = await unique(tenant)

    twin = await create_one(tenant, "customer", name="Twin", shortName="x", region="region 7")
    await build(tenant, made)
    count, groups = await tenant.read(
        lambda work: field_rules.repeated_records(work, "customer", FIELDS, first=5), person="admin"
    )

    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([], False)
    assert (count, [twin in each.ids for each in groups]) == (1, [True])
    assert (await job_row(tenant, made.job_id))["reason"] == "COMBINATIONS_NOT_UNIQUE"


async def test_rule_that_another_job_has_opened_keeps_its_index(tenant: Tenant) -> None:
    await fill(tenant)
    made = await unique(tenant)
    assert made.job_id is not None
    stage = Interrupted(stage_of(tenant), {"define 1": lambda: build(tenant, made)})

    await field_rules.build_unique_rule(stage, BuildUniqueRule(made.id, made.job_id))

    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([(True, False)], True)


async def test_rule_is_not_opened_without_its_index(tenant: Tenant) -> None:
    await fill(tenant)
    made = await unique(tenant)
    assert made.job_id is not None
    lost = render(sql("DROP INDEX {schema}.ux_customer_short_name__region", schema=SCHEMA)).bound(
        tenant.placement.schema, {}
    )
    stage = Interrupted(
        stage_of(tenant), {"define 1": lambda: tenant.define(lambda work: work.session.run(lost), person="admin")}
    )

    with pytest.raises(Moved):
        await field_rules.build_unique_rule(stage, BuildUniqueRule(made.id, made.job_id))

    assert await states(tenant) == [(True, True)]
    await build(tenant, made)
    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([(True, False)], True)


async def test_records_that_are_alike_give_the_rule_up_and_it_can_be_made_again(tenant: Tenant) -> None:
    await fill(tenant)
    twin = await create_one(tenant, "customer", name="Twin", shortName="x", region="region 7")

    made = await unique(tenant)
    await build(tenant, made)
    failed, given_up = await job_row(tenant, made.job_id), await states(tenant)
    await tenant.write(lambda work: records.delete(work, "customer", [twin]))
    again = await unique(tenant)
    await build(tenant, again)

    assert (failed["state"], failed["reason"]) == ("failed", "COMBINATIONS_NOT_UNIQUE")
    assert (given_up, again.id) == ([], made.id)
    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([(True, False)], True)


async def test_rule_that_was_taken_back_meanwhile_is_not_built(tenant: Tenant) -> None:
    await fill(tenant)
    made = await unique(tenant)

    await tenant.define(lambda work: field_rules.retire_unique_rule(work, made.id), person="admin")
    await build(tenant, made)

    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([], False)
    assert (await job_row(tenant, made.job_id))["state"] == "done"
