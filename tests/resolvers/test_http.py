"""[H1] GraphQL over HTTP: what is asked wrongly has its documented code, and nothing is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import Response
    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


@pytest.fixture
async def client(app: Starlette, shared_tenant: Tenant) -> AsyncIterator[Client]:
    async with http_for(app, "shared") as http:
        yield Client(http, await shared_tenant.token("sales"))


async def send(client: Client, content: bytes, **headers: str) -> Response:
    named = {"content-type": JSON, "accept": GRAPHQL, "authorization": f"Bearer {client.token}"}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.http.post("/graphql", content=content, headers={**named, **given})


def codes(response: Response) -> list[str]:
    body: dict[str, Any] = response.json()
    assert "data" not in body
    return [each["extensions"]["code"] for each in body["errors"]]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b"[" * 100_000,
        b"{}", b'{"query": null}', b'{"query": ""}', b'{"query": 7}', b'{"query": ["{ __typename }"]}',
        b'{"query": "{ __typename }", "variables": []}', b'{"query": "{ __typename }", "variables": "{}"}',
        b'{"query": "{ __typename }", "operationName": 7}', b'{"query": "{ __typename }", "extensions": "x"}',
        b'{"query": "{ __typename }", "extensions": []}', b'{"query": "{ __typename }", "extensions": 0}',
        b'{"query": "{ __typename }", "extensions": ""}', b'{"query": "{ __typename }", "extensions": false}',
        b'[{"query": "{ __typename }"}]', b'{"query": "{ __typename }"} {}', b'\xc2\xa0{"query": "{ __typename }"}',
        '{"query": "{ __typename }"}'.encode("utf-16"), '{"query": "{ __typename }"}'.encode("utf-32"), b'{"query": "\xff"}',
    ],
)  # fmt: skip
async def test_malformed_request_is_refused(client: Client, content: bytes) -> None:
    for accept in (GRAPHQL, JSON):
        response = await send(client, content, accept=accept)

        assert (response.status_code, codes(response)) == (400, ["MALFORMED_REQUEST"])


async def test_a_mark_of_the_byte_order_before_a_body_is_passed_over(client: Client) -> None:
    response = await send(client, '{"query": "{ __typename }"}'.encode("utf-8-sig"))

    assert response.json() == {"data": {"__typename": "Query"}}


async def test_white_space_around_a_body_is_passed_over(client: Client) -> None:
    response = await send(client, b' \t\r\n{"query": "{ __typename }"}\n\r\t ')

    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x", "application/graphql"],
)
async def test_only_json_bodies_are_read(client: Client, content_type: str) -> None:
    """A form of another site can send the others without asking; none of them is ever parsed."""
    response = await send(client, b'{"query": "{ __typename }"}', content_type=content_type)

    assert (response.status_code, codes(response)) == (415, ["WRONG_CONTENT_TYPE"])


async def test_too_large_a_body_is_not_read_to_its_end(client: Client) -> None:
    response = await send(client, b'{"query": "' + b" " * (4 * 1024 * 1024) + b'"}')

    assert (response.status_code, codes(response)) == (413, ["BODY_TOO_LARGE"])


async def test_client_that_wants_neither_media_type_is_told(client: Client) -> None:
    response = await send(client, b'{"query": "{ __typename }"}', accept="text/csv")

    assert (response.status_code, codes(response)) == (406, ["NOT_ACCEPTABLE"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "DOCUMENT_SYNTAX"),
        ("{ noSuchField }", "DOCUMENT_INVALID"),
        ("{ customer(id: 7.5) { id } }", "DOCUMENT_INVALID"),
        ("query ($n: Int!) { customers(first: $n) { totalCount } }", "VARIABLES_INVALID"),
        ("subscription { x }", "OPERATION_NOT_SUPPORTED"),
        ("query A { __typename } query B { __typename }", "OPERATION_UNKNOWN"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(10_000)) + " }", "TOO_MANY_TOKENS"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }", "TOO_MANY_ALIASES"),
        ("{ customers { nodes " + "{ owner " * 50 + "{ id }" + " }" * 52, "TOO_DEEP"),
    ],
)
async def test_refused_document_answers_400_or_in_plain_json_200(client: Client, query: str, code: str) -> None:
    new, old = [await client.post({"query": query}, headers={"Accept": accept}) for accept in (GRAPHQL, JSON)]

    assert (new.status_code, codes(new)) == (400, [code])
    assert (old.status_code, codes(old)) == (200, [code])


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Bearer a.b.c", "Basic YTpi"])
async def test_invalid_token_answers_401_whatever_is_asked(client: Client, authorization: str) -> None:
    response = await send(client, b'{"query": "{ __typename }"}', authorization=authorization)

    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"]["family"] == "UNAUTHENTICATED"


async def test_tenant_that_does_not_exist_answers_404(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, "nobody") as http:
        response = await Client(http, await shared_tenant.token("sales")).post({"query": "{ __typename }"})

    assert (response.status_code, codes(response)) == (404, ["TENANT_UNKNOWN"])


async def test_token_is_good_for_its_own_tenant_only(
    app: Starlette, shared_tenant: Tenant, other_tenant: Tenant
) -> None:
    """[G1]"""
    async with http_for(app, other_tenant.placement.slug) as http:
        response = await Client(http, await shared_tenant.token("admin")).post({"query": "{ me { name } }"})

    assert (response.status_code, codes(response)) == (403, ["WRONG_TENANT"])


async def test_queries_may_be_sent_by_get_and_mutations_may_not(client: Client) -> None:
    asked = urlencode({"query": "query ($n: Int) { users(first: $n) { nodes { name } } }", "variables": '{"n": 1}'})
    refused = urlencode({"query": "mutation { signOut(input: {}) { closed } }"})
    broken = urlencode({"query": "{ __typename }", "variables": "{"})

    answer = await client.get(f"/graphql?{asked}")
    mutation = await client.get(f"/graphql?{refused}")
    unreadable = await client.get(f"/graphql?{broken}")

    assert len(answer.json()["data"]["users"]["nodes"]) == 1
    assert (mutation.status_code, codes(mutation)) == (405, ["METHOD_NOT_ALLOWED"])
    assert (unreadable.status_code, codes(unreadable)) == (400, ["MALFORMED_REQUEST"])
    assert (await client.data("{ me { name } }"))["me"] == {"name": "sales"}


async def test_what_asks_for_headers_only_changes_nothing(client: Client) -> None:
    """RFC 9110, 9.3.2: HEAD is GET without the content of its answer, and is repeated as freely."""
    mutation = "mutation { signOut(input: {}) { closed } }"
    bearer = {"Authorization": f"Bearer {client.token}"}

    query = await client.http.head("/graphql", params={"query": "{ __typename }"}, headers=bearer)
    by_query = await client.http.head("/graphql", params={"query": mutation}, headers=bearer)
    by_body = await client.http.request("HEAD", "/graphql", json={"query": mutation}, headers=bearer)

    assert [each.status_code for each in (query, by_query, by_body)] == [200, 405, 400]
    assert (await client.data("{ me { name } }"))["me"] == {"name": "sales"}


async def test_answer_says_what_it_is_and_is_never_stored(client: Client) -> None:
    response = await send(client, b'{"query": "{ __typename }"}', x_request_id="request-4711")

    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert response.headers["x-request-id"] == "request-4711"
    assert response.headers["cache-control"] == "no-store"


async def test_errors_speak_the_language_asked_for(client: Client) -> None:
    answer = await client.ask('{ customers(after: "zz") { nodes { id } } }', headers={"Accept-Language": "zh-CN"})

    assert answer["errors"][0]["message"] == "该游标无效。"


async def test_nobody_in_particular_learns_no_name(app: Starlette, shared_tenant: Tenant) -> None:
    """Known and unknown names are answered alike before anybody has signed in."""
    async with http_for(app, shared_tenant.placement.slug) as http:
        nobody = Client(http)
        answers = [
            await nobody.post({"query": query})
            for query in (
                "{ customers { totalCount } }",
                "{ noSuchThing }",
                "{ __schema { types { name } } }",
                "mutation { createCustomer(input: {record: {}}) { errors { code } } }",
            )
        ]
        greeting = await nobody.data("{ __typename }")

    assert {(each.status_code, *codes(each)) for each in answers} == {(401, "UNAUTHENTICATED")}
    assert greeting == {"__typename": "Query"}
