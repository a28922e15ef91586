"""Uploads become the files of one record, and stay its."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from services.records.attaching import file_fields
from tests.builders import files
from tests.builders.metadata import registry_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]
SET = "mutation ($id: ID!, $ids: [ID!]) { updateCustomer(input: {id: $id, set: {papers_c: $ids}}) { errors { path code } } }"


@pytest.fixture(scope="module", autouse=True)
async def field(company: Tenant) -> None:
    await files.add_file_field(company, "papers_c")


async def test_fields_of_files_are_known_by_their_output(company: Tenant) -> None:
    objects = (await registry_of(company)).shape.objects

    assert (file_fields(objects["customer"]), file_fields(objects["contact"])) == (("papers_c",), ())


async def test_two_who_attach_one_file_take_turns(person: Person) -> None:
    sales, again = await person("sales"), await person("sales")
    file_id = await files.upload(sales, field="papers_c")

    made = await asyncio.gather(
        *(files.create_customer(each, f"Turn {at}", papers_c=[file_id]) for at, each in enumerate((sales, again)))
    )

    assert sorted(len(each["errors"]) for each in made) == [0, 1]


async def test_record_takes_back_what_it_let_go_of_and_no_other_does(person: Person) -> None:
    sales, colleague = await person("sales"), await person("colleague")
    file_id = await files.upload(sales, field="papers_c")
    mine = (await files.create_customer(sales, "Takes back", papers_c=[file_id]))["customer"]["id"]

    async def put(caller: Client, record_id: str, ids: list[str] | None) -> list[dict[str, object]]:
        errors: list[dict[str, object]] = (await caller.data(SET, id=record_id, ids=ids))["updateCustomer"]["errors"]
        return errors

    assert await put(sales, mine, None) == []
    other = (await files.create_customer(sales, "Another one"))["customer"]["id"]
    assert await put(sales, other, [file_id]) == [{"path": ["set", "papers_c", "0"], "code": "FILE_NOT_FOUND"}]
    assert await put(sales, mine, [file_id]) == []
    assert (await files.create_customer(colleague, "Colleague's", papers_c=[file_id]))["errors"] == [
        {"path": ["record", "papers_c", "0"], "code": "FILE_NOT_FOUND"}
    ]


async def test_one_set_does_not_give_one_file_twice(person: Person) -> None:
    sales = await person("sales")
    file_id = await files.upload(sales, field="papers_c")
    document = """
    mutation ($records: [CustomerCreate!]!) { createCustomers(input: {records: $records}) { count errors { path code } } }
    """

    answer = await sales.data(document, records=[{"name": f"Twice {at}", "papers_c": [file_id]} for at in range(2)])

    assert answer["createCustomers"] == {
        "count": 0,
        "errors": [{"path": ["1", "papers_c", "0"], "code": "FILE_NOT_FOUND"}],
    }


SIGN = "mutation ($id: ID!, $ids: [ID!]) { updateCustomer(input: {id: $id, set: {signed_c: $ids}}) { errors { path code } } }"


async def test_signature_is_cleared_and_never_changed(person: Person, company: Tenant) -> None:
    sales = await person("sales")
    await files.add_file_field(company, "signed_c", "signature")
    image = {"field": "signed_c", "name": "a.png", "media_type": "image/png"}
    first, second = [await files.upload(sales, files.picture(), **image) for _ in range(2)]
    made = await files.create_customer(sales, "Signed", signed_c=[first])
    record_id = made["customer"]["id"]

    async def put(ids: list[str] | None) -> list[dict[str, object]]:
        found: list[dict[str, object]] = (await sales.data(SIGN, id=record_id, ids=ids))["updateCustomer"]["errors"]
        return found

    refused = [{"path": ["set", "signed_c"], "code": "ALREADY_SIGNED"}]
    assert [await put(ids) for ids in ([second], [first], None, [second])] == [refused, [], [], []]
    (read,) = (
        await sales.data(
            "query ($id: ID!) { customer(id: $id) { signed_c { id uploadedById attachedAt } } }", id=record_id
        )
    )["customer"]["signed_c"]
    assert (read["id"], read["uploadedById"]) == (second, str(company.user_id("sales")))
    assert read["attachedAt"].startswith("20")


async def test_signature_is_one_image(person: Person, company: Tenant) -> None:
    sales = await person("sales")
    await files.add_file_field(company, "drawn_c", "signature")
    image = {"field": "drawn_c", "name": "a.png", "media_type": "image/png"}
    both = [await files.upload(sales, files.picture(), **image) for _ in range(2)]

    announced = await files.announce(sales, files.PDF, field="drawn_c")
    made = await files.create_customer(sales, "Two at once", drawn_c=both)

    assert [each["code"] for each in announced["errors"]] == ["FILE_KIND_NOT_TAKEN"]
    assert made["errors"] == [{"path": ["record", "drawn_c"], "code": "TOO_MANY_ITEMS"}]
