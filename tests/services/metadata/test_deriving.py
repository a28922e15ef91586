"""[A3] What a derived field must be to be defined, and what is not taken away while one reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schema.metadata.derivations import DEEPEST
from schema.metadata.fields import Label
from services import metadata
from services.metadata.errors import FieldInUse, FormulaTooDeep
from tests.builders.derived import add, change_options, define, field, retire
from tests.builders.metadata import add_field, registry_of
from tests.builders.records import refused

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.mark.parametrize(
    ("options", "place", "code"),
    [
        ({}, "expression", "BAD_OPTION"),
        ({"expression": "annualRevenu * 2"}, "expression", "EXPRESSION_UNKNOWN_NAME"),
        ({"expression": "name * 2"}, "expression", "EXPRESSION_WRONG_TYPE"),
        ({"expression": "name +"}, "expression", "EXPRESSION_MALFORMED"),
        ({"expression": "days(3)"}, "expression", "BAD_OPTION"),
        ({"expression": "round(annualRevenue.amount, -1)"}, "expression", "BAD_OPTION"),
        ({"expression": "1 + round(annualRevenue.amount, 99)"}, "expression", "BAD_OPTION"),
        ({"expression": "owner"}, "expression", "BAD_OPTION"),
        ({"expression": "owner.name"}, "expression", "FORMULA_OUT_OF_REACH"),
        ({"expression": "createdAt < now()"}, "expression", "FORMULA_OUT_OF_REACH"),
        ({"expression": "owner == currentUser()"}, "expression", "FORMULA_OUT_OF_REACH"),
        ({"expression": "version + 1"}, "expression", "FORMULA_OUT_OF_REACH"),
        ({"expression": "contacts.exists(c, c.name == 'x')"}, "expression", "FORMULA_OUT_OF_REACH"),
        ({"expression": "1 + 1", "result": "text"}, "expression", "RESULT_NOT_CHANGEABLE"),
        ({"expression": "1 + 1", "result": "json"}, "result", "BAD_OPTION"),
        ({"expression": "1 + 1", "maxLength": 3}, "maxLength", "UNKNOWN_OPTION"),
    ],
)
async def test_formula_that_cannot_be_kept_is_refused_with_its_reason(
    company: Tenant, options: dict[str, Any], place: str, code: str
) -> None:
    found = await refused(add(company, "customer", "bad", "formula", **options))

    assert found == [(("field", "options", place), code)]
    assert (await registry_of(company)).shape.field("customer", "bad_c") is None


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"function": "count"}, "relation"),
        ({"relation": "contact", "function": "count"}, "relation"),
        ({"relation": "contacts", "function": "median"}, "function"),
        ({"relation": "contacts", "function": "sum"}, "field"),
        ({"relation": "contacts", "function": "sum", "field": "name"}, "field"),
        ({"relation": "contacts", "function": "max", "field": "updatedAt"}, "field"),
        ({"relation": "contacts", "function": "count", "field": "name"}, "field"),
        ({"relation": "opportunities", "function": "sum", "field": "amount", "result": "decimal"}, "result"),
    ],
)
async def test_roll_up_that_means_nothing_is_refused_with_its_reason(
    company: Tenant, options: dict[str, Any], place: str
) -> None:
    found = await refused(add(company, "customer", "bad", "rollUp", **options))

    assert found == [(("field", "options", place), "BAD_OPTION")]


async def test_condition_of_a_roll_up_looks_at_the_many_side_alone(company: Tenant) -> None:
    given = {"relation": "contacts", "function": "count"}

    assert await refused(add(company, "customer", "bad", "rollUp", filter="customer.name == 'x'", **given)) == [
        (("field", "options", "filter"), "FORMULA_OUT_OF_REACH")
    ]
    assert await refused(add(company, "customer", "bad", "rollUp", filter="name + 'x'", **given)) == [
        (("field", "options", "filter"), "EXPRESSION_WRONG_RESULT")
    ]


async def test_what_follows_from_the_options_is_written_into_them(company: Tenant) -> None:
    thing = await define(company, "settled", field("price", "decimal"))
    await add(company, thing, "next", "formula", expression=" price_c+1 ")
    found = (await registry_of(company)).shape.field(thing, "next_c")
    assert found is not None

    assert (found.option("expression"), found.option("result"), found.option("reads")) == (
        "price_c + 1",
        "decimal",
        ("settled_c.price_c",),
    )


async def test_circle_of_formulas_is_refused_and_named(company: Tenant) -> None:
    thing = await define(company, "circle", field("price", "decimal"))
    await add(company, thing, "a", "formula", expression="price_c + 1")
    await add(company, thing, "b", "formula", expression="a_c + 1")

    assert await refused(change_options(company, thing, "a_c", expression="b_c + 1")) == [
        (("options", "expression"), "FORMULA_CIRCULAR")
    ]
    assert await refused(change_options(company, thing, "a_c", expression="a_c + 1")) == [
        (("options", "expression"), "FORMULA_CIRCULAR")
    ]


async def test_circle_over_a_relation_is_refused(company: Tenant) -> None:
    thing = await define(company, "circleTree", field("number", "integer"))
    await add_field(
        company, thing, label=Label(en="whole"), name="whole", type="relation", target=thing, inverse_name="parts"
    )
    await add(company, thing, "below", "rollUp", relation="parts_c", function="sum", field="number_c")

    assert await refused(change_options(company, thing, "below_c", field="below_c")) == [
        (("options", "relation"), "FORMULA_CIRCULAR")
    ]


async def test_tower_of_formulas_ends(company: Tenant) -> None:
    thing = await define(company, "tower", field("f0", "decimal"))
    for level in range(DEEPEST):
        await add(company, thing, f"f{level + 1}", "formula", expression=f"f{level}_c + 1")

    with pytest.raises(FormulaTooDeep):
        await add(company, thing, "top", "formula", expression=f"f{DEEPEST}_c + 1")


async def test_expression_whose_answer_is_of_another_type_is_refused(company: Tenant) -> None:
    thing = await define(company, "steady", field("price", "decimal"))
    await add(company, thing, "next", "formula", expression="price_c + 1")

    assert await refused(change_options(company, thing, "next_c", expression="text(price_c)")) == [
        (("options", "expression"), "RESULT_NOT_CHANGEABLE")
    ]
    assert await refused(change_options(company, thing, "next_c", result="integer")) == [
        (("options", "expression"), "RESULT_NOT_CHANGEABLE")
    ]


async def test_field_that_a_derived_field_reads_is_not_retired(company: Tenant) -> None:
    head = await define(company, "kept", field("price", "decimal"))
    line = await define(
        company, "keptLine", field("number", "integer"), field("head", "relation", target=head, inverse_name="lines")
    )
    await add(company, head, "next", "formula", expression="price_c + 1")
    await add(company, head, "sum", "rollUp", relation="lines_c", function="sum", field="number_c")

    for object_name, name, reader in (
        (head, "price_c", "next_c"),
        (line, "number_c", "sum_c"),
        (line, "head_c", "sum_c"),
    ):
        with pytest.raises(FieldInUse) as caught:
            await retire(company, object_name, name)
        assert caught.value.details == {"field": f"{object_name}.{name}", "readers": f"{head}.{reader}"}
    with pytest.raises(FieldInUse):
        await company.define(lambda work: metadata.retire_object(work, line), person="admin")

    await retire(company, head, "next_c")
    await retire(company, head, "price_c")
    assert await refused(company.define(lambda work: metadata.restore_field(work, head, "next_c"), person="admin")) == [
        (("options", "expression"), "EXPRESSION_UNKNOWN_NAME")
    ]
