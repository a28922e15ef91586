"""Files that come with their request: under the rules of those that were announced, and nothing half made."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.files import file
from tests.builders import files
from tests.builders.files import MAP, PDF, operations, parts, send_parts, stored

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]
FILE = ("0", PDF, "报价.pdf", "application/pdf")


@pytest.fixture(scope="module", autouse=True)
async def fields(company: Tenant) -> None:
    await files.add_file_field(company, "papers_c")
    await files.add_file_field(company, "photos_c", "image", maxBytes=100_000)


async def kept(company: Tenant) -> set[str]:
    return {row["key"] for row in await company.read(lambda work: work.session.rows(sa.select(file.c.key)))}


async def last_refusal(company: Tenant) -> Any:  # Any: JSON
    body = sa.func.convert_from(audit_entry.c.body, "utf8")
    asked = sa.select(body).where(audit_entry.c.action == "file.refused").order_by(audit_entry.c.id.desc()).limit(1)
    found: str = await company.read(lambda work: work.session.scalar(asked))
    return json.loads(found)["details"]


async def test_file_comes_with_its_request_and_goes_into_a_record(person: Person, company: Tenant) -> None:
    sales = await person("sales")

    body = parts(("operations", operations(clientMutationId="a")), ("map", MAP), FILE)
    answer = (await send_parts(sales, body)).json()

    file_id = answer["data"]["uploadFile"].pop("fileId")
    assert answer == {
        "data": {
            "uploadFile": {
                "clientMutationId": "a",
                "name": "报价.pdf",
                "size": str(len(PDF)),
                "mediaType": "application/pdf",
                "state": "ready",
                "errors": [],
            }
        }
    }
    made = await files.create_customer(sales, "With its request", papers_c=[file_id])
    read = await files.file_of(sales, made["customer"]["id"], "papers_c")
    assert (await sales.http.get(read["url"])).content == PDF
    assert stored(company) == await kept(company)


async def test_sent_twice_under_one_id_it_is_one_file(person: Person, company: Tenant) -> None:
    sales = await person("sales")

    async def sent(file: bytes, file_name: str, media_type: str, **said: str) -> dict[str, Any]:
        body = parts(
            ("operations", operations(clientMutationId="twice", **said)),
            ("map", MAP),
            ("0", file, file_name, media_type),
        )
        answer: dict[str, Any] = (await send_parts(sales, body)).json()["data"]["uploadFile"]
        return answer

    first = await sent(PDF, "a.pdf", "application/pdf")

    assert first["errors"] == []
    assert await sent(PDF, "a.pdf", "application/pdf") == first
    assert await sent(PDF, "other.pdf", "application/pdf", name="a.pdf") == first
    for other in (
        await sent(PDF + b"\n", "a.pdf", "application/pdf"),
        await sent(PDF, "other.pdf", "application/pdf"),
        await sent(PDF, "a.pdf", "text/plain"),
    ):
        assert (other["fileId"], other["errors"]) == (
            None,
            [{"path": ["clientMutationId"], "code": "CLIENT_MUTATION_ID_REUSED"}],
        )
    assert stored(company) == await kept(company)


async def test_several_files_come_in_any_order_and_each_is_taken_once(person: Person, company: Tenant) -> None:
    sales = await person("sales")
    document = """
    mutation ($paper: Upload, $photo: UploadFileInput!) {
      one: uploadFile(input: $photo) { ...told }
      two: uploadFile(input: $photo) { ...told }
      three: uploadFile(input: {object: "customer", field: "papers_c", file: $paper, name: "b"}) { ...told }
    }
    fragment told on UploadFilePayload { name mediaType errors { path code } }
    """
    photo = {"object": "customer", "field": "photos_c", "file": None}
    body = parts(
        ("operations", json.dumps({"query": document, "variables": {"photo": photo, "paper": None}})),
        ("map", '{"a": ["variables.photo.file"], "b": ["variables.paper"]}'),
        ("b", PDF, "", "application/pdf"),
        ("a", files.picture(), "a.png", "image/png"),
    )

    answer = (await send_parts(sales, body)).json()["data"]

    assert answer == {
        "one": {"name": "a.png", "mediaType": "image/png", "errors": []},
        "two": {"name": None, "mediaType": None, "errors": [{"path": ["file"], "code": "REQUIRED"}]},
        "three": {"name": "b", "mediaType": "application/pdf", "errors": []},
    }
    assert stored(company) == await kept(company)


@pytest.mark.parametrize(
    ("given", "sent", "errors"),
    [
        ({"field": "photos_c"}, FILE, [(["mediaType"], "FILE_KIND_NOT_TAKEN")]),
        ({}, ("0", b"<html>", "a.pdf", "application/pdf"), [(["file"], "FILE_KIND_DIFFERS")]),
        ({}, ("0", b"", "", "application/pdf"), [(["name"], "REQUIRED"), (["file"], "FILE_EMPTY")]),
        ({"field": "photos_c"}, ("0", bytes(100_001), "a.png", "image/png"), [(["file"], "FILE_TOO_LARGE")]),
        ({"field": "name"}, FILE, [([], "NO_FILE_FIELD")]),
        ({"mediaType": "text/html"}, FILE, [(["mediaType"], "FILE_KIND_NOT_TAKEN")]),
    ],
)
async def test_what_its_field_does_not_take_is_told_and_not_kept(
    person: Person, company: Tenant, given: dict[str, str], sent: Any, errors: list[tuple[list[str], str]]
) -> None:
    sales = await person("sales")

    answer = (await send_parts(sales, parts(("operations", operations(**given)), ("map", MAP), sent))).json()

    found = answer["data"]["uploadFile"]
    assert found["fileId"] is None
    assert [(each["path"], each["code"]) for each in found["errors"]] == errors
    assert stored(company) == await kept(company)
    details = await last_refusal(company)
    assert (details["field"], details["size"]) == (given.get("field", "papers_c"), len(sent[1]))
    assert details["reason"] == ", ".join(code for _, code in errors)


async def test_name_that_nobody_can_read_is_refused(person: Person, company: Tenant) -> None:
    sales = await person("sales")
    body = parts(("operations", operations(name="a\0b.pdf")), ("map", MAP), FILE)

    found = (await send_parts(sales, body)).json()["data"]["uploadFile"]

    assert [(each["path"], each["code"]) for each in found["errors"]] == [(["name"], "BAD_CHARACTERS")]
    assert stored(company) == await kept(company)


JSON_PLACE = json.dumps({
    "query": 'mutation ($o: JSON!) { openRecords(input: {roleId: "x", object: "customer", reach: "read", filter: $o}) { errors { code } } }',
    "variables": {"o": {"deep": None}},
})
TWO = json.dumps({
    "query": files.UPLOAD_FILE,
    "variables": {"input": {"object": "customer", "field": "x", "file": None}, "a": [None]},
})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (parts(("map", MAP), ("operations", operations()), FILE), 400, "MALFORMED_REQUEST"),
        (parts(FILE, ("operations", operations()), ("map", MAP)), 400, "MALFORMED_REQUEST"),
        (parts(("operations", operations())), 400, "MALFORMED_REQUEST"),
        (parts(("operations", f"[{operations()}]"), ("map", MAP), FILE), 400, "MALFORMED_REQUEST"),
        (parts(("operations", "{"), ("map", MAP), FILE), 400, "MALFORMED_REQUEST"),
        (parts(("operations", operations()), ("map", "[]"), FILE), 400, "MALFORMED_REQUEST"),
        (parts(("operations", operations()), ("map", MAP), FILE)[:-30], 400, "MALFORMED_REQUEST"),
        (parts(("operations", operations()), ("map", '{"0": "variables.input.file"}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", operations()), ("map", '{"0": ["variables.input.file", "variables.a.0"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", operations()), ("map", '{"0": ["query"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", operations()), ("map", '{"0": ["variables.input.nothing"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", operations()), ("map", '{"0": ["variables.input.object"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", operations()), ("map", '{"0": ["variables.input.file.__class__"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", TWO), ("map", '{"0": ["variables.a.1"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", TWO), ("map", '{"0": ["variables.a.0"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", JSON_PLACE), ("map", '{"0": ["variables.o.deep"]}'), FILE), 400, "FILES_MAP_INVALID"),
        (parts(("operations", operations()), ("map", '{"0": ["variables.input.file"], "0": ["variables.a"]}'), FILE), 400, "FILE_PART_REPEATED"),
        (parts(("operations", operations()), ("map", MAP), FILE, FILE), 400, "FILE_PART_REPEATED"),
        (parts(("operations", operations()), ("map", MAP), FILE, ("1", PDF)), 400, "FILE_NOT_EXPECTED"),
        (parts(("operations", operations()), ("map", MAP)), 400, "FILE_NOT_SENT"),
        (parts(("operations", operations()), ("map", json.dumps({str(at): ["variables.a"] for at in range(11)}))), 400, "TOO_MANY_FILES"),
        (parts(("operations", operations()), ("map", " " * 17_000 + MAP)), 413, "BODY_TOO_LARGE"),
        (parts(("operations", operations(document="{ me { name } ")), ("map", "{}")), 400, "DOCUMENT_SYNTAX"),
        (parts(("operations", operations(name=None, file="x")), ("map", "{}")), 400, "VARIABLES_INVALID"),
    ],
)  # fmt: skip
async def test_bad_request_is_refused_as_a_whole(
    person: Person, company: Tenant, body: bytes, status: int, code: str
) -> None:
    sales = await person("sales")

    response = await send_parts(sales, body)

    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (status, code), error
    assert response.headers["connection"] == "close"
    assert stored(company) == await kept(company)


@pytest.mark.parametrize("headers", [{}, {"GraphQL-Require-Preflight": " "}, {"X-Requested-With": "form"}])
async def test_form_of_another_site_is_refused(person: Person, headers: dict[str, str]) -> None:
    sales = await person("sales")

    response = await send_parts(sales, parts(("operations", operations()), ("map", MAP), FILE), headers)

    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "PREFLIGHT_MISSING")


async def test_header_of_another_client_will_do(person: Person) -> None:
    sales = await person("sales")
    body = parts(("operations", operations()), ("map", MAP), FILE)

    response = await send_parts(sales, body, {"Apollo-Require-Preflight": "true"})

    assert response.json()["data"]["uploadFile"]["errors"] == []


async def test_who_may_not_write_the_field_uploads_nothing(person: Person, company: Tenant) -> None:
    service, nobody = await person("service"), await person("")
    body = parts(("operations", operations()), ("map", MAP), FILE)
    before = stored(company)

    answers = [(await send_parts(each, body)).json()["errors"][0]["extensions"]["code"] for each in (service, nobody)]

    assert answers == ["FIELD_NOT_WRITABLE", "UNAUTHENTICATED"]
    assert stored(company) == before
    assert (await last_refusal(company))["reason"] == "FIELD_NOT_WRITABLE"
