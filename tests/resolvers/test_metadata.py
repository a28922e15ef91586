"""[A1 A2] Definitions over GraphQL: what an administrator adds is there for the very next request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

CREATE = """
mutation ($input: CreateObjectInput!) { createObject(input: $input) { id object errors { path code message } } }
"""
ADD_FIELD = """
mutation ($input: AddFieldInput!) { addField(input: $input) { id object field job errors { path code message } } }
"""


async def test_new_object_is_queried_and_written_by_the_next_request(
    client_as: Callable[..., Awaitable[Client]],
) -> None:
    admin = await client_as("admin")
    fields: list[dict[str, Any]] = [{"label": {"zh": "设备型号"}, "type": "text", "required": True}]

    made = await admin.data(CREATE, input={"label": {"zh": "设备", "en": "Equipment"}, "fields": fields})
    written = await admin.data(
        'mutation { createSheBei_c(input: {record: {sheBeiXingHao_c: "X1"}}) '
        "{ sheBei_c { sheBeiXingHao_c } errors { code } } }"
    )
    read = await admin.data("{ sheBeiList_c { totalCount nodes { sheBeiXingHao_c version } } }")

    assert made["createObject"]["object"] == "sheBei_c"
    assert written["createSheBei_c"] == {"sheBei_c": {"sheBeiXingHao_c": "X1"}, "errors": []}
    assert read["sheBeiList_c"] == {"totalCount": 1, "nodes": [{"sheBeiXingHao_c": "X1", "version": 1}]}


async def test_new_field_is_selected_filtered_and_set_by_the_next_requests(
    client_as: Callable[..., Awaitable[Client]],
) -> None:
    admin = await client_as("admin")

    made = await admin.data(
        ADD_FIELD, input={"object": "customer", "field": {"label": {"zh": "设备型号"}, "type": "text", "indexed": True}}
    )
    await admin.data(
        'mutation { createCustomer(input: {record: {name: "杭州云启", sheBeiXingHao_c: "X1"}}) { errors { code } } }'
    )
    read = await admin.data('{ customers(filter: {sheBeiXingHao_c: {eq: "X1"}}) { nodes { name sheBeiXingHao_c } } }')

    assert made["addField"]["field"] == "sheBeiXingHao_c"
    assert made["addField"]["job"] is None
    assert read["customers"]["nodes"] == [{"name": "杭州云启", "sheBeiXingHao_c": "X1"}]


async def test_definitions_are_read_as_records(client_as: Callable[..., Awaitable[Client]]) -> None:
    admin = await client_as("admin")

    read = await admin.data(
        '{ objectDefinitions(filter: {name: {eq: "opportunity"}}) { nodes { labelZh pack fields(filter: '
        '{name: {eq: "stage"}}) { nodes { name type required choices { nodes { key labelEn } } } } } } }'
    )

    (thing,) = read["objectDefinitions"]["nodes"]
    (stage,) = thing["fields"]["nodes"]
    assert (thing["labelZh"], thing["pack"], stage["type"], stage["required"]) == ("商机", "crm", "choice", True)
    assert sorted(choice["key"] for choice in stage["choices"]["nodes"]) == [
        "lost",
        "needs",
        "negotiation",
        "proposal",
        "qualify",
        "won",
    ]


async def test_bad_definition_answers_its_code_and_changes_nothing(client_as: Callable[..., Awaitable[Client]]) -> None:
    admin = await client_as("admin")
    field = {"label": {"en": "Weight"}, "type": "heavy"}

    answer = await admin.data(ADD_FIELD, input={"object": "customer", "field": field})
    again = await admin.data('{ fieldDefinitions(filter: {name: {eq: "weight_c"}}) { totalCount } }')

    assert [(error["path"], error["code"]) for error in answer["addField"]["errors"]] == [
        (["field", "type"], "UNKNOWN_TYPE")
    ]
    assert again["fieldDefinitions"]["totalCount"] == 0


async def test_sales_may_not_define(client_as: Callable[..., Awaitable[Client]]) -> None:
    sales = await client_as("sales")

    errors = await sales.errors(CREATE, input={"label": {"zh": "设备"}})

    assert [error["extensions"]["code"] for error in errors] == ["FORBIDDEN"]
