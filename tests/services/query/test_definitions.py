"""[A4 G1] What definitions say of fields shows as far as those are open to the caller, and decides nothing where any is closed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import field_rules as building
from tests.builders.permissions import limit_field

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
_FIELDS = """{ fieldDefinitions(filter: {object: {name: {eq: "visit_c"}}, name: {in: ["topic_c", "kind_c", "marks_c", "%s"]}},
  orderBy: [{name: ASC}]) { nodes { name requiredIf requiredIfTree visibleIf offeredBy offered options maskedFields } } }"""
_RULES = """{ validationRules(filter: {object: {name: {eq: "visit_c"}}}, orderBy: [{name: ASC}])
  { nodes { name expression tree fields } } }"""


async def prepared(tenant: Tenant) -> str:
    name = await building.define_visit(tenant)
    await building.set_rules(tenant, name, "topic_c", requiredIf="heads_c > 1", visibleIf="result_c == 'won'")
    await building.offer(tenant, name, "kind_c", "result_c", {"won": ["call"]})
    await building.require(
        tenant, name, "heads_c > 0 || endsOn_c > startsOn_c", name="a", fields=["heads_c", "endsOn_c"]
    )
    await building.require(tenant, name, "endsOn_c >= startsOn_c", name="b", fields=["endsOn_c"])
    return name


async def asked(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:  # Any: decoded JSON
    fields = (await client.data(_FIELDS % "twice_c"))["fieldDefinitions"]["nodes"]
    rules = (await client.data(_RULES))["validationRules"]["nodes"]
    return {each["name"]: each for each in fields}, {each["name"]: each for each in rules}


async def test_rules_show_as_far_as_what_they_look_at_is_open(tenant: Tenant, client_as: ClientAs) -> None:
    name = await prepared(tenant)
    admin, sales = await client_as("admin"), await client_as("sales")
    await admin.data(
        "mutation ($input: AddFieldInput!) { addField(input: $input) { errors { code } } }",
        input={
            "object": name,
            "field": {
                "label": {"en": "x"},
                "name": "twice",
                "type": "formula",
                "options": {"expression": "heads_c * 2"},
            },
        },
    )
    whole = await asked(admin)
    await limit_field(tenant, "sales", name, "heads_c", "none")

    fields, rules = await asked(sales)

    assert fields["topic_c"]["requiredIf"] is None
    assert fields["topic_c"]["requiredIfTree"] is None
    assert fields["topic_c"]["visibleIf"] == "result_c == 'won'"
    assert (fields["kind_c"]["offeredBy"], fields["kind_c"]["offered"]) == ("result_c", {"won": ["call"]})
    assert whole[0]["twice_c"]["options"]["expression"] == "heads_c * 2"
    assert not {"expression", "tree", "reads"} & set(fields["twice_c"]["options"])
    assert rules["a"] == {"name": "a", "expression": None, "tree": None, "fields": ["endsOn_c"]}
    assert rules["b"] == whole[1]["b"]
    assert "heads_c" not in json.dumps([fields, rules])
    assert await asked(admin) == whole


async def test_a_choice_that_is_closed_tells_no_table_of_what_it_offers(tenant: Tenant, client_as: ClientAs) -> None:
    name = await prepared(tenant)
    sales = await client_as("sales")
    await limit_field(tenant, "sales", name, "result_c", "masked")

    fields, _ = await asked(sales)

    assert (fields["kind_c"]["offeredBy"], fields["kind_c"]["offered"]) == (None, None)
    assert (fields["topic_c"]["requiredIf"], fields["topic_c"]["visibleIf"]) == ("heads_c > 1", None)


@pytest.mark.parametrize(
    "document",
    [
        '{ fieldDefinitions(filter: {offeredBy: {eq: "result_c"}}) { totalCount } }',
        '{ fieldDefinitions(filter: {requiredIf: {contains: "heads"}}) { totalCount } }',
        "{ fieldDefinitionsAggregate(groupBy: [{offeredBy: true}]) { count } }",
        '{ validationRules(filter: {fields: {hasAny: ["heads_c"]}}) { totalCount } }',
    ],
)
async def test_what_definitions_say_decides_nothing_where_anything_is_closed(
    tenant: Tenant, client_as: ClientAs, document: str
) -> None:
    name = await prepared(tenant)
    await limit_field(tenant, "sales", name, "heads_c", "none")
    admin, sales = await client_as("admin"), await client_as("sales")

    allowed = await admin.ask(document)
    refused = await sales.errors(document)

    assert "errors" not in allowed
    assert [each["extensions"]["code"] for each in refused] == ["FIELD_NOT_READABLE"]
