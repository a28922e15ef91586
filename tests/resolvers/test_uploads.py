"""Uploads are announced for a field; what it does not take is refused before a byte is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from tests.builders import files

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


@pytest.fixture(scope="module", autouse=True)
async def fields(company: Tenant) -> None:
    await files.add_file_field(company, "papers_c")
    await files.add_file_field(company, "photos_c", "image", maxBytes=100_000)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"size": 100_001}, [(["size"], "FILE_TOO_LARGE")]),
        ({"size": 0, "mediaType": "image/svg+xml"}, [(["size"], "FILE_EMPTY"), (["mediaType"], "FILE_KIND_NOT_TAKEN")]),
        (
            {"name": " ", "mediaType": "application/pdf"},
            [(["name"], "REQUIRED"), (["mediaType"], "FILE_KIND_NOT_TAKEN")],
        ),
        ({"field": "name"}, [([], "NO_FILE_FIELD")]),
        ({"object": "nothing"}, [([], "NO_FILE_FIELD")]),
    ],
)
async def test_what_a_field_does_not_take_is_refused_before_it_is_sent(
    person: Person, given: dict[str, object], errors: list[tuple[list[str], str]]
) -> None:
    sales = await person("sales")
    usual = {"object": "customer", "field": "photos_c", "name": "a.png", "size": 10, "mediaType": "image/png"}

    found = (await sales.data(files.CREATE_UPLOAD, input={**usual, **given}))["createUpload"]

    assert found["url"] is None
    assert [(each["path"], each["code"]) for each in found["errors"]] == errors


async def test_room_is_told(person: Person) -> None:
    sales = await person("sales")
    ask = "{ fileStorage { files usedBytes maxBytes maxFileBytes } }"
    before = (await sales.data(ask))["fileStorage"]

    await files.upload(sales, field="papers_c")

    assert (await sales.data(ask))["fileStorage"] == {
        **before,
        "files": before["files"] + 1,
        "usedBytes": str(int(before["usedBytes"]) + len(files.PDF)),
    }


async def test_announced_twice_under_one_id_is_one_file(person: Person) -> None:
    sales = await person("sales")
    given = {"object": "customer", "field": "papers_c", "name": "a.pdf", "size": len(files.PDF)}
    wanted = {**given, "mediaType": "application/pdf", "clientMutationId": "once"}

    first, again = [(await sales.data(files.CREATE_UPLOAD, input=wanted))["createUpload"] for _ in range(2)]

    assert first["fileId"] == again["fileId"]
    assert (await files.put(sales, again["url"], files.PDF)).status_code == 200


async def test_who_may_not_write_the_field_uploads_nothing(person: Person) -> None:
    service, nobody = await person("service"), await person("")
    given = {"object": "customer", "field": "papers_c", "name": "a.pdf", "size": 1, "mediaType": "application/pdf"}

    codes = [
        (await each.errors(files.CREATE_UPLOAD, input=given))[0]["extensions"]["code"] for each in (service, nobody)
    ]

    assert codes == ["FIELD_NOT_WRITABLE", "UNAUTHENTICATED"]
