"""[A11] Back to an earlier publication, and forward again: the shape is what it was, and no value is lost."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from services import change_sets, layouts, records
from services.change_sets.errors import NothingToRollBack, PublicationNotFound
from tenants.errors import Refused
from tests.builders.change_sets import add_field, create_object, last_number, published, snapshot_of
from tests.builders.metadata import columns_of
from tests.builders.type_changes import stored_values, write_customers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schema.metadata.registry import Registry
    from services.change_sets import Published
    from services.metadata import Difference
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
NAME = json.dumps([{"fields": [{"field": "name"}]}])


async def roll_back(tenant: Tenant, number: int, *, clears: bool = False) -> Published:
    return await tenant.define(lambda work: change_sets.roll_back_to(work, number, clears=clears), person="admin")


async def shape(tenant: Tenant) -> str:
    registry: Registry = (await snapshot_of(tenant)).registry
    return registry.shape.hash


def by_id(found: Sequence[Difference]) -> list[Difference]:
    return sorted(found, key=lambda each: each.id)


def update(name: str, **given: object) -> Mapping[str, Mapping[str, object]]:
    return {"updateField": {"object": "customer", "field": name, **given}}


async def test_back_and_forward_again(tenant: Tenant) -> None:
    await published(tenant, add_field("customer", "size"), add_field("customer", "gone"))
    given = [{"name": "one", "size_c": "12", "gone_c": "still here"}]
    ids = (await tenant.write(lambda work: records.create(work, "customer", given), person="admin")).ids
    first, before = await last_number(tenant), await shape(tenant)
    await published(
        tenant,
        create_object("van", "plate"),
        add_field("van_c", "rides", "integer"),
        add_field("customer", "van", "relation", target="van_c"),
        update("size_c", required=True, unique=True, label={"en": "Size"}),
        {"retireField": {"object": "customer", "field": "gone_c"}},
        {"createLayout": {"object": "customer", "sections": NAME}},
    )
    await published(tenant, {"changeFieldType": {"object": "customer", "field": "size_c", "type": "integer"}})
    second, after = await last_number(tenant), await shape(tenant)

    tried = await tenant.read(lambda work: change_sets.way_back_to(work, first), person="admin")
    back = await roll_back(tenant, first)
    there, values = await shape(tenant), await stored_values(tenant, "size_c", ids)
    kept = await stored_values(tenant, "gone_c", ids)
    forms = await tenant.read(lambda work: layouts.layouts_of(work, "customer"), person="admin")
    await roll_back(tenant, second)

    assert (tried.violations, by_id(tried.differences)) == ((), by_id(back.differences))
    assert (there, values, kept, forms) == (before, ["12"], ["still here"], [])
    assert await shape(tenant) == after
    assert await stored_values(tenant, "size_c", ids) == [12]
    assert len(await tenant.read(lambda work: layouts.layouts_of(work, "customer"), person="admin")) == 1


async def test_what_came_since_keeps_its_columns_and_comes_back_with_them(company: Tenant) -> None:
    before = await last_number(company)
    await published(company, create_object("cart", "plate"), add_field("customer", "note"))
    with_it = await last_number(company)
    await roll_back(company, before)
    cart = (await snapshot_of(company)).by_name["cart_c"]

    await roll_back(company, with_it)

    live = (await snapshot_of(company)).live("cart_c")
    assert (cart.is_retired, live.is_retired, live.fields) == (True, False, cart.fields)
    assert live.fields[0].column in await columns_of(company, live.table)


async def test_type_is_brought_back_past_one_that_was_taken_back(company: Tenant) -> None:
    await published(company, add_field("customer", "code"))
    given = [{"name": "code", "code_c": "a"}]
    ids = (await company.write(lambda work: records.create(work, "customer", given), person="admin")).ids
    text = await last_number(company)
    await published(company, {"changeFieldType": {"object": "customer", "field": "code_c", "type": "choice"}})
    await published(company, {"changeFieldType": {"object": "customer", "field": "code_c", "type": "multiChoice"}})

    await roll_back(company, text)

    assert (await snapshot_of(company)).field("customer", "code_c").field.type_name == "text"
    assert await stored_values(company, "code_c", ids) == ["a"]


async def test_what_was_written_since_and_does_not_fit_stands_in_the_way(company: Tenant) -> None:
    await published(company, add_field("customer", "pages", "integer"))
    number = await last_number(company)
    await published(company, {"changeFieldType": {"object": "customer", "field": "pages_c", "type": "text"}})
    given = [{"name": "pages", "pages_c": "many"}]
    ids = (await company.write(lambda work: records.create(work, "customer", given), person="admin")).ids

    tried = await company.read(lambda work: change_sets.way_back_to(work, number), person="admin")
    cleared = await company.read(lambda work: change_sets.way_back_to(work, number, clears=True), person="admin")
    with pytest.raises(Refused) as refused:
        await roll_back(company, number)
    await roll_back(company, number, clears=True)

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [
        (("to", "customer.pages_c"), "VALUES_NOT_CONVERTIBLE")
    ]
    assert [(each.path, each.fault.details) for each in tried.violations] == [
        (("to", "customer.pages_c"), {"count": 1})
    ]
    assert cleared.violations == ()
    assert await stored_values(company, "pages_c", ids) == [None]


async def test_what_stands_in_the_way_of_several_publications_is_told_once(company: Tenant) -> None:
    await published(company, add_field("customer", "twice", "integer"))
    number = await last_number(company)
    for type_name in ("text", "longText"):
        await published(company, {"changeFieldType": {"object": "customer", "field": "twice_c", "type": type_name}})
    given = [{"name": "kept", "twice_c": "7"}, {"name": "lines", "twice_c": "one\ntwo"}]
    await company.write(lambda work: records.create(work, "customer", given), person="admin")

    with pytest.raises(Refused) as refused:
        await roll_back(company, number)
    tried = await company.read(lambda work: change_sets.way_back_to(work, number), person="admin")

    for violations in (refused.value.violations, tried.violations):
        assert [(each.path, each.fault.details) for each in violations] == [(("to", "customer.twice_c"), {"count": 1})]


@pytest.mark.parametrize("number", [-1, 10_000])
async def test_number_must_be_one_that_there_is(company: Tenant, number: int) -> None:
    with pytest.raises(PublicationNotFound):
        await roll_back(company, number)


async def test_now_is_nothing_to_go_back_to(company: Tenant) -> None:
    await published(company, add_field("lead", "now"))
    number = await last_number(company)

    with pytest.raises(NothingToRollBack):
        await roll_back(company, number)


async def test_rule_that_was_rewritten_with_a_type_goes_back_with_it(company: Tenant) -> None:
    await published(company, add_field("customer", "grade"), add_field("customer", "why"))
    rule = {"object": "customer", "field": "why_c"}
    choice = {"object": "customer", "field": "grade_c", "type": "choice"}
    given = [{"name": "grade", "grade_c": "甲", "why_c": "-"}]
    await company.write(lambda work: records.create(work, "customer", given), person="admin")
    await published(company, {"setFieldRules": {**rule, "requiredIf": "grade_c == '甲'"}})
    number, before = await last_number(company), await shape(company)
    await published(
        company,
        {"setFieldRules": {**rule, "requiredIf": None}},
        {"changeFieldType": {**choice, "choices": [{"label": {"zh": "甲"}, "key": "a"}]}},
        {"setFieldRules": {**rule, "requiredIf": "grade_c == 'a'"}},
    )

    tried = await company.read(lambda work: change_sets.way_back_to(work, number), person="admin")
    await roll_back(company, number)

    assert tried.violations == ()
    assert await shape(company) == before
    assert "grade_c == '甲'" in str((await snapshot_of(company)).field("customer", "why_c"))


async def test_values_go_back_past_a_type_that_they_do_not_fit(company: Tenant) -> None:
    await published(company, add_field("customer", "past"))
    ids = await write_customers(company, "past_c", ["1,000", "2", "3"])
    number = await last_number(company)
    for type_name in ("integer", "text"):
        await published(company, {"changeFieldType": {"object": "customer", "field": "past_c", "type": type_name}})
    for record, value in ((ids[1], "many"), (ids[2], None)):
        await company.write(partial(records.update, object_name="customer", ids=[record], changes={"past_c": value}))

    tried = await company.read(lambda work: change_sets.way_back_to(work, number), person="admin")
    await roll_back(company, number)

    assert tried.violations == ()
    assert await stored_values(company, "past_c", ids) == ["1,000", "many", None]


async def test_type_that_was_taken_back_already_is_left_alone(company: Tenant) -> None:
    await published(company, add_field("customer", "same"))
    number, before = await last_number(company), await shape(company)
    await published(company, {"changeFieldType": {"object": "customer", "field": "same_c", "type": "integer"}})
    await published(company, {"undoFieldType": {"object": "customer", "field": "same_c"}})
    await published(company, add_field("customer", "other"))
    ids = await write_customers(company, "same_c", ["abc"])

    await roll_back(company, number)

    assert await shape(company) == before
    assert await stored_values(company, "same_c", ids) == ["abc"]


async def test_several_types_in_one_publication_go_back_and_come_again_at_once(company: Tenant) -> None:
    await published(company, add_field("customer", "steps"))
    ids = await write_customers(company, "steps_c", ["甲"])
    first = await last_number(company)
    change = {"object": "customer", "field": "steps_c"}
    await published(
        company,
        {"changeFieldType": {**change, "type": "longText"}},
        {"changeFieldType": {**change, "type": "choice", "choices": [{"label": {"zh": "甲"}, "key": "a"}]}},
    )
    middle = await last_number(company)
    await published(company, {"changeFieldType": {**change, "type": "multiChoice"}})
    last = await last_number(company)

    found = []
    for number in (first, last, first, middle, last, middle, first):
        await roll_back(company, number)
        type_name = (await snapshot_of(company)).field("customer", "steps_c").field.type_name
        found.append((type_name, *await stored_values(company, "steps_c", ids)))

    text, choice, several = ("text", "甲"), ("choice", "a"), ("multiChoice", ["a"])
    assert found == [text, several, text, choice, several, choice, text]
