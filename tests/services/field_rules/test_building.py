"""[A4] Unique rules over several fields of a long table: writers keep them at once, a job builds the index or gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import field_rules, records
from services.field_rules import BuildUniqueRule
from services.metadata import MOST_ROWS_AT_ONCE
from tenants.sql import SCHEMA, render, sql
from tests.builders.jobs import job_row
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


async def test_rule_holds_for_writers_before_and_after_a_job_has_built_it(tenant: Tenant) -> None:
    await fill(tenant)

    made = await unique(tenant)
    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([(True, True)], False)
    early = await refused(create_one(tenant, "customer", name="A", shortName="x", region="region 7"))
    await create_one(tenant, "customer", name="B", shortName="y", region="region 7")
    for _ in range(2):
        await build(tenant, made)
    late = await refused(create_one(tenant, "customer", name="C", shortName="y", region="region 7"))

    assert early == late == [((0, "shortName"), "UNIQUE_TAKEN")]
    assert (await states(tenant), INDEX in await indexes_of(tenant, "customer")) == ([(True, False)], True)
    done = await job_row(tenant, made.job_id)
    assert (done["state"], done["kind"]) == ("done", "field_rules.build_unique_rule")


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
