"""A default for all records of a long table is there with its definition; followers are told by a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schema.metadata.fields import FieldState, Label
from services import metadata
from services.metadata import TellDefault
from services.metadata.sizes import MOST_ROWS_AT_ONCE
from tenants.sql import SCHEMA, BoundSql, ident, render, sql
from tests.builders.jobs import job_row
from tests.builders.metadata import add_field, fill_customers, registry_of, stage_of

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ROWS = MOST_ROWS_AT_ONCE + 1
# What is kept of a default of each type, as PostgreSQL writes it; a text also has what it is sorted and searched by.
DEFAULTS: dict[str, tuple[object, str]] = {
    "decimal": ("-2.50", "-2.5"),
    "integer": (9_007_199_254_740_993, "9007199254740993"),
    "boolean": (True, "true"),
    "date": ("2026-02-03", "2026-02-03"),
    "text": ("客户's $1", "客户's $1"),
}


async def asked(tenant: Tenant, *columns: str) -> list[tuple[Any, ...]]:  # Any: columns of any type
    """How many customers hold what, as texts."""

    async def ask(work: ReadWork) -> list[tuple[Any, ...]]:
        names = ", ".join(f'"{each}"::text' for each in columns)
        text = f'SELECT {names}, count(*) FROM "{work.session.schema}".customer GROUP BY {names}'  # noqa: S608 - ours
        return [tuple(row) for row in await work.session.fetch(BoundSql(text))]

    return await tenant.read(ask)


async def told(tenant: Tenant) -> int:
    counted = sql(
        "SELECT count(*) FROM {schema}.{change} WHERE kind = 'derived'", schema=SCHEMA, change=ident("change")
    )

    async def ask(work: ReadWork) -> int:
        ((count,),) = await work.session.fetch(render(counted).bound(work.session.schema, {}))
        return int(count)

    return await tenant.read(ask)


async def test_every_record_has_it_at_once_and_is_told_of_by_a_job(tenant: Tenant) -> None:
    await fill_customers(tenant, ROWS)

    made = await add_field(
        tenant, label=Label(en="Limit"), name="limit", type="currency", options={"default": "100.5"}, fill_existing=True
    )
    field = (await registry_of(tenant)).shape.field("customer", "limit_c")
    column = (await registry_of(tenant)).names["customer"].fields["limit_c"].column
    held = await asked(tenant, column, f"{column}_currency")
    before = await told(tenant)
    assert made.job_id is not None
    for _ in range(2):
        await metadata.tell_default(stage_of(tenant), TellDefault("customer", "limit_c", made.job_id))

    assert field is not None
    assert field.state is FieldState.LIVE
    assert held == [("100.5000", "CNY", ROWS)]
    assert (before, await told(tenant)) == (0, 2 * ROWS)
    done = await job_row(tenant, made.job_id)
    assert (done["state"], done["kind"], done["progress"]) == ("done", "metadata.tell_default", ROWS)


async def test_values_of_every_plain_type_are_what_the_write_path_would_have_written(tenant: Tenant) -> None:
    await fill_customers(tenant, ROWS)

    for type_, (default, kept) in DEFAULTS.items():
        made = await add_field(
            tenant,
            label=Label(en=type_),
            name=f"{type_}At",
            type=type_,
            options={"default": default},
            fill_existing=True,
        )
        column = (await registry_of(tenant)).names["customer"].fields[made.field_name].column
        assert await asked(tenant, column) == [(kept, ROWS)], type_


async def test_field_that_went_meanwhile_is_told_of_to_nobody(tenant: Tenant) -> None:
    await fill_customers(tenant, ROWS)
    made = await add_field(
        tenant, label=Label(en="Gone"), name="gone", type="boolean", options={"default": True}, fill_existing=True
    )
    await tenant.define(lambda work: metadata.retire_field(work, "customer", "gone_c"), person="admin")
    assert made.job_id is not None

    await metadata.tell_default(stage_of(tenant), TellDefault("customer", "gone_c", made.job_id))

    assert (await told(tenant), (await job_row(tenant, made.job_id))["state"]) == (0, "done")
