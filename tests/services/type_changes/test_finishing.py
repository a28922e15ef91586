"""[A2] A large table is converted by a job while the form is what it was; no write meanwhile is lost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.errors import TypeChanging
from schema.metadata.fields import Label
from schema.tables.jobs import job
from schema.tables.type_changes import type_change
from services import field_rules, metadata, records, type_changes
from services.metadata.sizes import MOST_ROWS_AT_ONCE
from services.type_changes import ConvertField
from tenants.sql import SCHEMA, ident, render, sql
from tests.builders.jobs import Interrupted, job_row
from tests.builders.metadata import columns_of, fill_customers, indexes_of, stage_of
from tests.builders.mutations import mutate
from tests.builders.type_changes import (
    add_value_field,
    change_type,
    definition_of,
    stored_values,
    undo,
    write_customers,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from services.type_changes import TypeChanged
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.fixture(scope="module")
async def large(company: Tenant) -> Tenant:
    """More customers than one transaction goes over."""
    await fill_customers(company, MOST_ROWS_AT_ONCE + 1)
    return company


async def give_all(tenant: Tenant, name: str) -> None:
    """Every customer has one of three texts now, past the write path."""
    column = (await definition_of(tenant, name)).column
    given = sql(
        "UPDATE {schema}.customer SET {c} = 'v' || (get_byte(uuid_send(id), 0) % 3)", schema=SCHEMA, c=ident(column)
    )
    await tenant.write(lambda work: work.session.run(render(given).bound(work.session.schema, {})))


def message_of(done: TypeChanged) -> ConvertField:
    assert done.job_id is not None
    return ConvertField(done.id, done.job_id)


async def test_form_is_usable_meanwhile_and_no_write_is_lost(large: Tenant) -> None:
    await add_value_field(large, "kind", is_indexed=True)
    await finish_build(large, "kind_c")
    await give_all(large, "kind_c")
    changed, gone = await write_customers(large, "kind_c", ["v1", "v2"])

    done = await change_type(large, "kind_c", "choice")
    added: list[UUID] = []

    async def others() -> None:
        added.extend(await write_customers(large, "kind_c", ["new", "v0"]))
        await large.write(lambda work: records.update(work, "customer", [changed], {"kind_c": "v0"}))
        await large.write(lambda work: records.update(work, "customer", [gone], {"kind_c": None}))
        with pytest.raises(TypeChanging):
            await large.define(lambda work: metadata.retire_field(work, "customer", "kind_c"), person="admin")

    async def late() -> None:
        added.extend(await write_customers(large, "kind_c", ["newer"]))

    stage = Interrupted(stage_of(large), {"outside 1": others, "define 1": late})
    await type_changes.convert_field(stage, message_of(done))
    await type_changes.convert_field(stage, message_of(done))

    after = await definition_of(large, "kind_c")
    assert after.field.type_name == "choice"
    assert sorted(each.key for each in after.choices) == ["new", "newer", "v0", "v1", "v2"]
    assert await stored_values(large, "kind_c", [changed, gone, *added]) == ["v0", None, "new", "v0", "newer"]
    assert f"ix_customer_{after.column}" in await indexes_of(large, "customer")
    # Only the one that was emptied has nothing.
    assert await unconverted(large, "kind_c") == 1
    told = await job_row(large, done.job_id)
    assert (told["state"], told["kind"], told["requested_by_id"]) == (
        "done", "type_changes.convert_field", large.user_id("admin"),
    )  # fmt: skip
    assert told["total"] == told["progress"] >= MOST_ROWS_AT_ONCE


async def test_values_that_do_not_fit_give_the_change_up_and_leave_the_field_what_it_was(large: Tenant) -> None:
    await add_value_field(large, "size")
    ids = await write_customers(large, "size_c", ["5", "about 6"])

    done = await change_type(large, "size_c", "integer")
    begun = await columns_of(large, "customer")
    await type_changes.convert_field(stage_of(large), message_of(done))

    told = await job_row(large, done.job_id)
    assert (told["state"], told["reason"]) == ("failed", "VALUES_NOT_CONVERTIBLE")
    assert (await definition_of(large, "size_c")).field.type_name == "text"
    assert await stored_values(large, "size_c", ids) == ["5", "about 6"]
    assert len(await columns_of(large, "customer")) == len(begun) - 1


async def test_condition_that_came_meanwhile_keeps_the_type(large: Tenant, person: Person) -> None:
    admin = await person("admin")
    await add_value_field(large, "grade")
    await write_customers(large, "grade_c", ["A"])
    done = await change_type(large, "grade_c", "choice")
    role = (await admin.data('{ roles(filter: {name: {eq: "sales"}}) { nodes { id } } }'))["roles"]["nodes"][0]["id"]

    async def others() -> None:
        given = {"roleId": role, "object": "customer", "reach": "read", "filter": {"grade_c": {"eq": "A"}}}
        assert (await mutate(admin, "openRecords", **given))["errors"] == []

    await type_changes.convert_field(Interrupted(stage_of(large), {"define 1": others}), message_of(done))

    told = await job_row(large, done.job_id)
    assert (told["state"], told["reason"]) == ("failed", "USED_ELSEWHERE")
    assert (await definition_of(large, "grade_c")).field.type_name == "text"


async def test_equal_values_give_up_a_change_of_a_unique_field(large: Tenant) -> None:
    await add_value_field(large, "badge", is_unique=True)
    await finish_build(large, "badge_c")
    await write_customers(large, "badge_c", ["7", "07"])

    done = await change_type(large, "badge_c", "integer")
    await type_changes.convert_field(stage_of(large), message_of(done))

    told = await job_row(large, done.job_id)
    assert (told["state"], told["reason"]) == ("failed", "VALUES_NOT_UNIQUE")


async def test_values_that_swap_meanwhile_are_unique_all_along(large: Tenant) -> None:
    await add_value_field(large, "seat", is_unique=True)
    await finish_build(large, "seat_c")
    one, two = await write_customers(large, "seat_c", ["1", "2"])
    done = await change_type(large, "seat_c", "integer")

    async def swap() -> None:
        for record, value in ((one, "3"), (two, "1"), (one, "2")):
            await large.write(partial(records.update, object_name="customer", ids=[record], changes={"seat_c": value}))

    await type_changes.convert_field(Interrupted(stage_of(large), {"outside 1": swap}), message_of(done))

    assert await stored_values(large, "seat_c", [one, two]) == [2, 1]


async def test_undo_of_a_large_table_is_a_job_too(large: Tenant) -> None:
    await add_value_field(large, "weight")
    same, other = await write_customers(large, "weight_c", ["1,000", "5"])
    await type_changes.convert_field(stage_of(large), message_of(await change_type(large, "weight_c", "integer")))
    await large.write(lambda work: records.update(work, "customer", [other], {"weight_c": 6}))

    undone = await undo(large, "weight_c")
    await type_changes.convert_field(stage_of(large), message_of(undone))

    assert (await definition_of(large, "weight_c")).field.type_name == "text"
    assert await stored_values(large, "weight_c", [same, other]) == ["1,000", "6"]


async def finish_build(tenant: Tenant, name: str) -> None:
    """The index of a field that was just added is there."""
    newest = sa.select(job.c.id).where(job.c.kind == "metadata.build_field").order_by(job.c.id.desc()).limit(1)
    job_id = await tenant.read(lambda work: work.session.scalar(newest))
    field_id = (await definition_of(tenant, name)).id
    await metadata.build_field(stage_of(tenant), metadata.BuildField(field_id, job_id))


async def unconverted(tenant: Tenant, name: str) -> int:
    """Customers without a choice."""
    column = (await definition_of(tenant, name)).column
    text = sql("SELECT count(*) FROM {schema}.customer WHERE {c} IS NULL", schema=SCHEMA, c=ident(column))
    ((count,),) = await tenant.read(lambda work: work.session.fetch(render(text).bound(work.session.schema, {})))
    return int(count)


async def test_several_types_are_taken_back_by_one_job(large: Tenant) -> None:
    await add_value_field(large, "far")
    before = (await definition_of(large, "far_c")).column
    ids = await write_customers(large, "far_c", ["1,000", "2", "3"])
    for type_name in ("integer", "longText"):
        await type_changes.convert_field(stage_of(large), message_of(await change_type(large, "far_c", type_name)))
    await large.write(lambda work: records.update(work, "customer", [ids[1]], {"far_c": "many"}))
    field = await definition_of(large, "far_c")

    async def back(work: DefinitionWork) -> TypeChanged:
        way = await type_changes.way_to(work, field, before)
        assert way is not None
        return await type_changes.take_back(work, "customer", "far_c", way, clears=False)

    done = await large.define(back, person="admin")
    await type_changes.convert_field(stage_of(large), message_of(done))

    assert (await definition_of(large, "far_c")).field.type_name == "text"
    assert await stored_values(large, "far_c", ids) == ["1,000", "many", "3"]


async def test_rule_that_came_meanwhile_gives_an_undo_up_too(large: Tenant) -> None:
    await add_value_field(large, "rank")
    await write_customers(large, "rank_c", ["1"])
    await type_changes.convert_field(stage_of(large), message_of(await change_type(large, "rank_c", "integer")))
    done = await undo(large, "rank_c")

    async def others() -> None:
        draft = field_rules.RuleDraft("high", "rank_c > 0", Label("须大于零"))
        await large.define(lambda work: field_rules.create_validation_rule(work, "customer", draft), person="admin")

    await type_changes.convert_field(Interrupted(stage_of(large), {"define 1": others}), message_of(done))

    told = await job_row(large, done.job_id)
    assert (told["state"], told["reason"]) == ("failed", "USED_ELSEWHERE")
    assert (await definition_of(large, "rank_c")).field.type_name == "integer"


async def test_undo_that_the_release_before_ordered_is_brought_to_its_end(large: Tenant) -> None:
    await add_value_field(large, "older")
    ids = await write_customers(large, "older_c", ["1,000"])
    await type_changes.convert_field(stage_of(large), message_of(await change_type(large, "older_c", "integer")))
    done = await undo(large, "older_c")
    said = type_change.c.target.op("-")("undoes").op("-")("rollsBack")
    await large.define(
        lambda work: work.session.execute(sa.update(type_change).where(type_change.c.id == done.id).values(target=said))
    )

    await type_changes.convert_field(stage_of(large), message_of(done))

    assert await stored_values(large, "older_c", ids) == ["1,000"]
