"""[H1] Documents that are named instead of sent, and what one tenant can do to another by naming them: nothing."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from graphql import GraphQLError

from resolvers.persisted import outdated_name
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from httpx2 import Response
    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

COUNT = "query Count($name: String!) { customers(filter: {name: {eq: $name}}) { totalCount } }"
EMPTY = {"data": {"customers": {"totalCount": 0}}}
ADD = "mutation ($i: AddTrustedDocumentInput!) { addTrustedDocument(input: $i) { trustedDocument { key state } errors { code path } } }"
RETIRE = 'mutation { retireTrustedDocument(input: {id: "going"}) { trustedDocument { state } errors { code } } }'
REQUIRE = "mutation ($only: Boolean!) { requireTrustedDocuments(input: {only: $only}) { errors { code } } }"


def code(response: Response) -> str:
    body: dict[str, Any] = response.json()
    assert "data" not in body
    return str(body["errors"][0]["extensions"]["code"])


def automatic(text: str, *, hash_of: str | None = None) -> dict[str, object]:
    digest = hashlib.sha256((hash_of or text).encode()).hexdigest()
    return {"persistedQuery": {"version": 1, "sha256Hash": digest}}


async def test_trusted_document_is_run_by_its_id(person: Callable[[str], Awaitable[Client]]) -> None:
    admin, sales = await person("admin"), await person("sales")
    made = await admin.data(ADD, i={"id": "count", "text": COUNT})

    for _ in range(2):
        answer = await sales.post({"documentId": "count", "variables": {"name": "甲"}})
        assert answer.json() == EMPTY
    by_url = await sales.get("/graphql?" + urlencode({"documentId": "count", "variables": json.dumps({"name": "甲"})}))

    assert made["addTrustedDocument"] == {"trustedDocument": {"key": "count", "state": "live"}, "errors": []}
    assert by_url.json() == EMPTY


async def test_unknown_and_retired_documents_are_told(person: Callable[[str], Awaitable[Client]]) -> None:
    admin, sales = await person("admin"), await person("sales")
    await admin.data(ADD, i={"id": "going", "text": COUNT})
    await sales.post({"documentId": "going", "variables": {"name": "甲"}})

    await admin.data(RETIRE)
    await sales.data("{ me { name } }")
    retired, unknown = await sales.post({"documentId": "going"}), await sales.post({"documentId": "ghost"})

    assert [(each.status_code, code(each)) for each in (retired, unknown)] == [(404, "DOCUMENT_UNKNOWN")] * 2


@pytest.mark.parametrize("asked", ["a\0b", "a b", "x" * 200])
@pytest.mark.parametrize("caller", ["sales", ""])
async def test_what_can_be_no_id_is_unknown_too(
    person: Callable[[str], Awaitable[Client]], caller: str, asked: str
) -> None:
    answer = await (await person(caller)).post({"documentId": asked})

    assert code(answer) == "DOCUMENT_UNKNOWN"


async def test_text_that_cannot_be_stored_is_not_trusted(person: Callable[[str], Awaitable[Client]]) -> None:
    admin = await person("admin")
    add = "mutation ($text: String!) { addTrustedDocument(input: {text: $text}) { errors { path code } } }"
    retire = "mutation ($id: String!) { retireTrustedDocument(input: {id: $id}) { errors { path code } } }"

    added = (await admin.post({"query": add, "variables": {"text": "{ __typename } # \0"}})).json()["data"]
    retired = (await admin.post({"query": retire, "variables": {"id": "a\0b"}})).json()["data"]

    assert added["addTrustedDocument"]["errors"] == [{"path": ["text"], "code": "BAD_CHARACTERS"}]
    assert retired["retireTrustedDocument"]["errors"] == [{"path": ["id"], "code": "BAD_CHARACTERS"}]


async def test_document_of_another_tenant_is_unknown(
    app: Starlette, person: Callable[[str], Awaitable[Client]], shared_tenant: Tenant
) -> None:
    """[G1] Also where both tenants are of equal shape."""
    admin = await person("admin")
    await admin.data(ADD, i={"id": "count", "text": COUNT})
    await admin.post({"documentId": "count", "variables": {"name": "甲"}})

    async with http_for(app, shared_tenant.placement.slug) as http:
        stranger = Client(http, await shared_tenant.token("admin"))
        assert code(await stranger.post({"documentId": "count"})) == "DOCUMENT_UNKNOWN"


async def test_document_that_the_schema_left_behind_names_the_field(person: Callable[[str], Awaitable[Client]]) -> None:
    admin, sales = await person("admin"), await person("sales")
    await admin.data(ADD, i={"id": "old", "text": "{ customers { nodes { fax } } }"})

    response = await sales.post({"documentId": "old"})

    assert (response.status_code, code(response)) == (400, "DOCUMENT_OUTDATED")
    assert response.json()["errors"][0]["message"] == "This trusted document no longer fits the schema: Customer.fax"


async def test_users_run_only_trusted_documents_where_these_are_required(
    client_as: Callable[..., Awaitable[Client]],
) -> None:
    admin, sales, nobody = await client_as("admin"), await client_as("sales"), await client_as("")
    await admin.data(ADD, i={"id": "count", "text": COUNT})
    await admin.data(REQUIRE, only=True)
    asked = {"query": COUNT, "variables": {"name": "甲"}}

    refused = await sales.post(asked)
    hashed = await sales.post({**asked, "extensions": automatic(COUNT)})
    write = await sales.post({
        "query": 'mutation { createCustomer(input: {record: {name: "甲"}}) { errors { code } } }'
    })

    assert [(each.status_code, code(each)) for each in (refused, hashed, write)] == [(403, "DOCUMENT_NOT_TRUSTED")] * 3
    assert (await sales.post({"documentId": "count", "variables": {"name": "甲"}})).json() == EMPTY
    assert (await sales.data("{ __schema { queryType { name } } me { name } }"))["me"] == {"name": "sales"}
    assert (await admin.post(asked)).json() == EMPTY
    signed = await nobody.ask('mutation { signIn(input: {email: "x@y.cn", password: "x"}) { accessToken } }')
    assert signed["errors"][0]["extensions"]["code"] == "SIGN_IN_REFUSED"
    await admin.data(REQUIRE, only=False)
    assert (await sales.post(asked)).json() == EMPTY


async def test_automatic_query_is_sent_once(person: Callable[[str], Awaitable[Client]]) -> None:
    sales, text = await person("sales"), COUNT.replace("query Count", "query SentOnce")
    named = {"variables": {"name": "甲"}, "extensions": automatic(text)}

    unknown = await sales.post(named)
    sent = await sales.post({**named, "query": text})
    known = await sales.post(named)

    assert (unknown.status_code, code(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert (sent.json(), known.json()) == (EMPTY, EMPTY)


async def test_text_is_not_taken_under_the_hash_of_another(person: Callable[[str], Awaitable[Client]]) -> None:
    sales, text = await person("sales"), COUNT.replace("query Count", "query NeverSent")

    poisoned = await sales.post({"query": "{ me { email } }", "extensions": automatic(text)})

    assert code(poisoned) == "PERSISTED_QUERY_MISMATCH"
    assert code(await sales.post({"extensions": automatic(text)})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_automatic_query_of_another_tenant_is_not_found(
    app: Starlette, person: Callable[[str], Awaitable[Client]], shared_tenant: Tenant
) -> None:
    sales = await person("sales")
    await sales.post({"query": COUNT, "variables": {"name": "甲"}, "extensions": automatic(COUNT)})

    async with http_for(app, shared_tenant.placement.slug) as http:
        stranger = Client(http, await shared_tenant.token("sales"))
        assert code(await stranger.post({"extensions": automatic(COUNT)})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_tenant_pushes_out_no_query_of_another(app: Starlette, company: Tenant, other_tenant: Tenant) -> None:
    """Three times as much text as one tenant may keep."""
    async with http_for(app, company.placement.slug) as mine, http_for(app, other_tenant.placement.slug) as theirs:
        sales, flood = Client(mine, await company.token("sales")), Client(theirs, await other_tenant.token("sales"))
        await sales.post({"query": COUNT, "variables": {"name": "甲"}, "extensions": automatic(COUNT)})

        for number in range(50):
            text = "{ me { name } } " + "," * 60_000 + "," * number
            await flood.post({"query": text, "extensions": automatic(text)})
        first = automatic("{ me { name } } " + "," * 60_000)

        assert code(await flood.post({"extensions": first})) == "PERSISTED_QUERY_NOT_FOUND"
        found = await sales.post({"variables": {"name": "甲"}, "extensions": automatic(COUNT)})
        assert found.json() == EMPTY


async def test_nobody_in_particular_leaves_nothing_behind(person: Callable[[str], Awaitable[Client]]) -> None:
    nobody = await person("")

    await nobody.post({"query": "{ __typename }", "extensions": automatic("{ __typename }")})

    assert code(await nobody.post({"extensions": automatic("{ __typename }")})) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": ""},
        {"documentId": 7},
        {"documentId": "x", "query": "{ __typename }"},
        {"documentId": "x", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "0" * 64}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}},
        {"extensions": {"persistedQuery": 1}},
        {"query": 7, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    ],
)
async def test_document_is_named_in_one_way(person: Callable[[str], Awaitable[Client]], body: object) -> None:
    nobody = await person("")

    response = await nobody.post(body)

    assert (response.status_code, code(response)) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Cannot query field 'fax' on type 'Customer'.", "Customer.fax"),
        ("Unknown argument 'sort' on field 'Query.customers'.", "Query.customers(sort)"),
        ("Field 'fax' is not defined by type 'CustomerFilter'.", "CustomerFilter.fax"),
        ("Unknown type 'Fax'.", "Fax"),
        ("Something else.", "Something else."),
    ],
)
def test_outdated_name_is_a_coordinate(message: str, name: str) -> None:
    assert outdated_name(GraphQLError(message)) == name
