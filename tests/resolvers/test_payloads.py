"""The payload of a mutation is put together in the order of its selection, also where nothing was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = pytest.mark.integration


async def test_members_keep_their_order_and_their_aliases(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")

    response = await sales.post({
        "query": """mutation {
            createCustomer(input: {clientMutationId: "m1", record: {name: "甲"}}) {
                wrong: errors { code } two: customer { name } __typename one: customer { version }
                clientMutationId duplicates { score }
            }
        }"""
    })

    assert response.text == (
        '{"data":{"createCustomer":{"wrong":[],"two":{"name":"甲"},"__typename":"CreateCustomerPayload",'
        '"one":{"version":1},"clientMutationId":"m1","duplicates":[]}}}'
    )


async def test_refused_payload_has_every_member(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")

    response = await sales.post({
        "query": """mutation {
            createCustomers(input: {records: [{phone: "1", name: "乙"}]}) {
                customers { id } count job { id } e: errors { p: path c: code m: message t: __typename }
                duplicates { customer { id } }
            }
        }"""
    })

    assert response.text == (
        '{"data":{"createCustomers":{"customers":null,"count":0,"job":null,"e":[{"p":["0","phone"],"c":"NOT_A_PHONE",'
        '"m":"This is not a telephone number.","t":"InputError"}],"duplicates":[]}}}'
    )


async def test_messages_of_a_payload_speak_the_language_asked_for(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")

    answer = await sales.ask(
        "mutation { createCustomer(input: {record: {}}) { errors { message } } }", headers={"Accept-Language": "zh"}
    )

    assert answer["data"]["createCustomer"]["errors"] == [{"message": "该字段为必填项。"}]


async def test_empty_set_answers_an_empty_list(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")

    done = await sales.data(
        "mutation { createCustomers(input: {records: []}) { customers { id } count errors { code } } }"
    )

    assert done["createCustomers"] == {"customers": [], "count": 0, "errors": []}
