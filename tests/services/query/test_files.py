"""Files in answers: in their order, under their keys, with addresses that the statement signs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from tenants import file_tokens
from tests.builders import files

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


@pytest.fixture(scope="module", autouse=True)
async def field(company: Tenant) -> None:
    await files.add_file_field(company, "papers_c")


async def test_files_stand_in_the_order_of_the_field(person: Person) -> None:
    sales = await person("sales")
    ids = [await files.upload(sales, field="papers_c", name=f"{name}.pdf") for name in "cab"]
    made = await files.create_customer(sales, "In order", papers_c=ids)
    document = """
    query ($id: ID!) { customer(id: $id) { papers_c { again: id name kind: mediaType is: __typename } } }
    """

    answer = await sales.data(document, id=made["customer"]["id"])

    assert answer["customer"]["papers_c"] == [
        {"again": each, "name": f"{name}.pdf", "kind": "application/pdf", "is": "File"}
        for each, name in zip(ids, "cab", strict=True)
    ]


async def test_field_without_files_is_null(person: Person) -> None:
    sales = await person("sales")
    made = await files.create_customer(sales, "Without files", papers_c=[])

    assert await files.files_of(sales, made["customer"]["id"], "papers_c") is None


async def test_statement_signs_what_we_would_have_signed(person: Person, company: Tenant) -> None:
    sales = await person("sales")
    made = await files.create_customer(sales, "Signed", papers_c=[await files.upload(sales, field="papers_c")])
    read = await files.file_of(sales, made["customer"]["id"], "papers_c")

    token = file_tokens.parse(read["url"].removeprefix("/files/"))

    assert token is not None
    signed = company.installation.file_keys.token(token.claim, token.purpose, token.file_id)
    assert read["url"] == f"/files/{signed}"


async def test_who_looks_with_another_ones_eyes_is_given_no_address(person: Person, company: Tenant) -> None:
    sales, admin = await person("sales"), await person("admin")
    made = await files.create_customer(sales, "Viewed", papers_c=[await files.upload(sales, field="papers_c")])
    document = "query ($id: ID!) { customer(id: $id) { papers_c { name url thumbnailUrl } } }"

    answer = await admin.ask(
        document, {"id": made["customer"]["id"]}, headers={"X-View-As": str(company.user_id("sales"))}
    )

    assert answer["data"]["customer"]["papers_c"] == [{"name": "a.pdf", "url": None, "thumbnailUrl": None}]
