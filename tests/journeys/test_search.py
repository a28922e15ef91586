"""[H11] Search follows the records: values that change, fields that come and go, and what each person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = pytest.mark.integration

_CREATE = "mutation ($record: CustomerCreate!) { createCustomer(input: {record: $record}) { customer { id } errors { code } } }"
_UPDATE = "mutation ($id: ID!, $set: CustomerSet!) { updateCustomer(input: {id: $id, set: $set}) { errors { code } } }"
_FIND = (
    "query ($text: String!) { customers(search: $text) { nodes { name } } search(text: $text) { object title field } }"
)


async def create(client: Client, **record: object) -> str:
    answer = await client.data(_CREATE, record=record)
    assert answer["createCustomer"]["errors"] == []
    found: str = answer["createCustomer"]["customer"]["id"]
    return found


async def found(client: Client, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The names of customers, and the hits over all objects."""
    answer = await client.data(_FIND, text=text)
    hits = [(each["object"], each["title"], each["field"]) for each in answer["search"]]
    return [each["name"] for each in answer["customers"]["nodes"]], hits


NOTHING: tuple[list[str], list[tuple[Any, ...]]] = ([], [])


async def test_a_new_value_is_found_and_the_old_one_is_not(client_as: Callable[..., Awaitable[Client]]) -> None:
    sales = await client_as("sales")
    customer = await create(sales, name="海蓝科技有限公司", phone="13800138000", email="info@hailan.example")
    assert await found(sales, "hailankeji") == (["海蓝科技有限公司"], [("customer", "海蓝科技有限公司", "name")])

    await sales.data(_UPDATE, id=customer, set={"name": "云启软件有限公司", "phone": None})

    for gone in ("海蓝科技", "hailankeji", "hlkj", "13800138000", "8000"):
        assert await found(sales, gone) == NOTHING
    for text in ("云启软件", "yunqiruanjian", "yqrj", "info@hailan.example", "hailan.example"):
        assert (await found(sales, text))[0] == ["云启软件有限公司"]


async def test_a_field_that_is_put_away_is_not_searched_until_it_comes_back(
    client_as: Callable[..., Awaitable[Client]],
) -> None:
    admin = await client_as("admin")
    await create(admin, name="甲", shortName="白鹭洲")
    field = '(input: {object: "customer", field: "shortName"}) { errors { code } }'

    await admin.data(f"mutation {{ retireField{field} }}")
    assert await found(admin, "白鹭洲") == NOTHING

    await admin.data(f"mutation {{ restoreField{field} }}")
    assert await found(admin, "bailuzhou") == (["甲"], [("customer", "甲", "shortName")])


async def test_a_field_that_becomes_searched_is_found_in_old_records_too(
    client_as: Callable[..., Awaitable[Client]],
) -> None:
    admin = await client_as("admin")
    await create(admin, name="乙", website="https://yi.example/about")
    assert await found(admin, "yi.example") == NOTHING

    answer = await admin.data(
        "mutation ($input: UpdateFieldInput!) { updateField(input: $input) { errors { path code } } }",
        input={"object": "customer", "field": "website", "options": {"search": True}},
    )

    assert answer == {"updateField": {"errors": []}}
    await create(admin, name="丙", website="https://bing.example")
    assert await found(admin, "yi.example") == (["乙"], [("customer", "乙", "website")])
    assert await found(admin, "bing.example") == (["丙"], [("customer", "丙", "website")])


async def test_deleted_records_and_those_of_others_have_no_hits(client_as: Callable[..., Awaitable[Client]]) -> None:
    sales, stranger = await client_as("sales"), await client_as("stranger")
    customer = await create(sales, name="丁香园", email="ding@qq.com")
    assert await found(stranger, "dingxiangyuan") == await found(stranger, "ding@qq.com") == NOTHING
    assert (await found(sales, "qq.com"))[0] == ["丁香园"]

    await sales.data("mutation ($id: ID!) { deleteCustomer(input: {id: $id}) { errors { code } } }", id=customer)

    assert await found(sales, "dingxiangyuan") == NOTHING
