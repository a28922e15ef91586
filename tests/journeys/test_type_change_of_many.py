"""[A2] Ten thousand texts become choices and ten thousand decimals money: nothing is lost, and two processes agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from schema.metadata.values import Money
from services import metadata
from services.type_changes.groups import groups
from tenants.installation import Installation
from tenants.sql import SCHEMA, ident, render, sql
from tests.builders.metadata import fill_customers, registry_of
from tests.builders.type_changes import add_value_field, change_type, definition_of

if TYPE_CHECKING:
    from tenants.settings import Settings
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
MANY = 10_000


async def counted(tenant: Tenant, name: str) -> dict[object, int]:
    definition = await definition_of(tenant, name)
    thing = next(each for each in await tenant.read(metadata.definitions) if each.name == "customer")
    found = await tenant.read(lambda work: groups(work, thing, definition, most=100))
    return {each.stored: each.count for each in found}


async def test_many_values_are_converted_and_every_process_knows(company: Tenant, settings: Settings) -> None:
    await fill_customers(company, MANY)
    await add_value_field(company, "kind")
    await add_value_field(company, "cost", "decimal")
    kind, cost = await definition_of(company, "kind_c"), await definition_of(company, "cost_c")
    given = sql(
        "UPDATE {schema}.customer SET {kind} = '类 ' || get_byte(uuid_send(id), 0) % 7,"
        " {cost} = get_byte(uuid_send(id), 1) % 5 + 0.5",
        schema=SCHEMA,
        kind=ident(kind.column),
        cost=ident(cost.column),
    )
    await company.write(lambda work: work.session.run(render(given).bound(work.session.schema, {})))
    texts, numbers = await counted(company, "kind_c"), await counted(company, "cost_c")

    async with Installation.open(settings) as second:
        other = replace(company, installation=second)
        await registry_of(other)
        await change_type(company, "kind_c", "choice")
        await change_type(other, "cost_c", "currency")
        here, there = await registry_of(company), await registry_of(other)
        keys, money = await counted(other, "kind_c"), await counted(company, "cost_c")

    labels = {each.key: each.label.zh for each in (await definition_of(company, "kind_c")).choices}
    assert sum(texts.values()) == MANY
    assert {labels[str(key)]: count for key, count in keys.items()} == texts
    assert money == {Money(Decimal(str(number)), "CNY"): count for number, count in numbers.items()}
    assert (here.shape.hash, here.version) == (there.shape.hash, there.version)
