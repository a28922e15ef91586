"""[A2] The values of a field, each once, and whether everybody may know them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.values import Money
from schema.tables.permissions import restriction, role
from services import metadata
from services.metadata import FieldChange
from services.type_changes.groups import MOST_BYTES, are_open, groups
from tenants.sql import SCHEMA, ident, integer, render, sql
from tests.builders.metadata import fill_customers
from tests.builders.type_changes import add_value_field, definition_of, write_customers

if TYPE_CHECKING:
    from tenants.context import DefinitionWork, ReadWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def found(tenant: Tenant, field: str, most: int = 10) -> list[tuple[object, int, bool]]:
    definition = await definition_of(tenant, field)

    async def read(work: ReadWork) -> list[tuple[object, int, bool]]:
        thing = next(each for each in await metadata.definitions(work) if each.name == "customer")
        made = await groups(work, thing, definition, most=most)
        return [(each.stored, each.count, each.record_id is not None) for each in made]

    return await tenant.read(read)


async def is_open(tenant: Tenant, field: str, person: str) -> bool:
    definition = await definition_of(tenant, field)

    async def read(work: ReadWork) -> bool:
        thing = next(each for each in await metadata.definitions(work) if each.name == "customer")
        return await are_open(work, thing, definition)

    return await tenant.read(read, person=person)


async def test_the_empty_one_comes_first_and_then_the_most_frequent(company: Tenant) -> None:
    await add_value_field(company, "cost", "currency")
    money = {"amount": "5", "currency": "USD"}
    await write_customers(company, "cost_c", [money, {"amount": "5"}, money, None, None, None])

    assert await found(company, "cost_c") == [
        (None, 3, True), (Money(Decimal(5), "USD"), 2, True), (Money(Decimal(5), "CNY"), 1, True),
    ]  # fmt: skip
    assert len(await found(company, "cost_c", most=1)) == 1


async def test_no_more_of_long_texts_is_held_than_a_process_can(company: Tenant) -> None:
    await add_value_field(company, "story", "longText")
    column = (await definition_of(company, "story_c")).column
    await fill_customers(company, 20, name="Long ")
    long = sql(
        "UPDATE {schema}.customer SET {column} = repeat('x', {length}) || id WHERE name LIKE 'Long %'",
        schema=SCHEMA, column=ident(column), length=integer(MOST_BYTES // 10),
    )  # fmt: skip
    await company.write(lambda work: work.session.run(render(long).bound(work.session.schema, {})))

    groups_ = await found(company, "story_c", most=100)

    assert groups_[0][0] is None
    assert [count for _, count, _ in groups_[1:]] == [1] * 9


async def test_values_are_open_only_where_nobody_is_kept_from_them(company: Tenant) -> None:
    await add_value_field(company, "plain")
    await add_value_field(company, "marked")
    await add_value_field(company, "limited")
    await company.define(
        lambda work: metadata.update_field(work, "customer", "marked_c", FieldChange(audit_reads=True)), person="admin"
    )

    async def limit(work: DefinitionWork) -> None:
        role_id = await work.session.scalar(sa.select(role.c.id).where(role.c.name == "sales"))
        row = {"role_id": role_id, "object_name": "customer", "verb": "", "field_name": "limited_c", "level": "masked"}
        await work.session.execute(sa.insert(restriction).values(row))

    await company.define(limit)

    assert await is_open(company, "plain_c", "admin")
    assert not await is_open(company, "plain_c", "sales")
    assert not await is_open(company, "marked_c", "admin")
    assert not await is_open(company, "limited_c", "admin")
