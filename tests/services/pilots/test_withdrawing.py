"""[A10] A pilot withdrawn retires what it covered, in the order in which it can be retired; values are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services import change_sets, field_rules, layouts, metadata, permissions, pilots
from services.metadata.errors import FieldInUse
from tests.builders import pilots as building
from tests.builders.derived import add, define, field
from tests.builders.field_rules import require, set_rules
from tests.builders.layouts import arrange, section
from tests.builders.metadata import registry_of
from tests.builders.records import create_one, stored

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from services.pilots import Piloted
    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def withdraw(tenant: Tenant, started: Piloted) -> Piloted:
    return await tenant.define(lambda work: pilots.withdraw_pilot(work, started.id), person="admin")


async def test_everything_that_was_covered_is_retired(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    base = await define(company, "site", field("code", "text"))
    name = await define(company, "meter", field("code", "text"))
    for each, type_ in (("price", "integer"), ("count", "integer"), ("note", "text")):
        await add(company, base, each, type_)
    await add(company, base, "total", "formula", expression="price_c * count_c", result="integer")
    await set_rules(company, base, "note_c", requiredIf="count_c > 1")
    rule = (await require(company, base, "price_c >= 0")).id
    together = ("code_c", "note_c")
    unique = await company.define(lambda work: field_rules.create_unique_rule(work, base, together), person="admin")
    layout = UUID(await arrange(await person("admin"), base, section("试用", "code_c", "price_c")))
    fields = [f"{base}.{each}_c" for each in ("price", "count", "note", "total")]
    started = await building.start(
        company, name, *fields, rules=[rule, unique.id], layouts=[layout], people=["admin"], is_new=True
    )
    record = await create_one(company, base, person="admin", code_c="a", price_c=3, count_c=2, note_c="n")

    before = await company.read(metadata.last_number)
    done = await withdraw(company, started)

    assert await company.read(metadata.last_number) == before + 1
    registry = await registry_of(company)
    left = {each.name for each in registry.shape.objects[base].fields}
    assert (done.state, name in registry.shape.objects) == ("withdrawn", False)
    assert (left & {"price_c", "count_c", "note_c", "total_c"}, base in registry.rules) == (set(), False)
    assert await company.read(lambda work: layouts.layouts_of(work, base), person="admin") == []
    await company.define(lambda work: change_sets.roll_back_to(work, before), person="admin")
    registry = await registry_of(company)
    names = registry.names[base]
    assert (name in registry.shape.objects, len(registry.rules[base].validation)) == (True, 1)
    assert {"price_c", "count_c", "note_c", "total_c"} <= {each.name for each in registry.shape.objects[base].fields}
    assert len(await company.read(lambda work: layouts.layouts_of(work, base), person="admin")) == 1
    assert (await stored(company, names.table, record))[names.fields["price_c"].column] == 3
    assert not (await company.read(permissions.policy, person="sales")).withheld


async def test_what_came_to_use_it_stands_in_the_way(company: Tenant) -> None:
    base = await define(company, "dial", field("code", "integer"))
    await add(company, base, "price", "integer")
    started = await building.start(company, f"{base}.price_c", people=["admin"])
    await add(company, base, "double", "formula", expression="price_c * 2", result="integer")

    with pytest.raises(FieldInUse):
        await withdraw(company, started)

    found = await company.define(lambda work: pilots.recall_pilot(work, started.id), person="admin")
    assert found.state == "running"


async def test_what_was_retired_meanwhile_is_left_out(company: Tenant) -> None:
    base = await define(company, "knob", field("code", "integer"), field("size", "integer"))
    started = await building.start(company, f"{base}.size_c")
    await company.define(lambda work: metadata.retire_field(work, base, "size_c"), person="admin")

    assert (await withdraw(company, started)).state == "withdrawn"
