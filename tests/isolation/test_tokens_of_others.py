"""Tokens that are not good here, at every door: forged, expired, of another tenant, of a session that has ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from services import identity
from services.identity import OpenSession
from tenants.clock import utc_now
from tests.builders import tokens
from tests.builders.identity import TOKENS

if TYPE_CHECKING:
    from httpx2 import Response

    from tests.builders.tenants import Tenant
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]
Door = Callable[["Client"], Awaitable["Response"]]

# Every door that answers something of a tenant: GraphQL by POST and GET (compiled, static, mixed, writing), and the SDL.
DOORS: dict[str, Door] = {
    "compiled query": lambda client: client.post({"query": "{ customers { nodes { id } } }"}),
    "aggregate": lambda client: client.post({"query": "{ customersAggregate { count } }"}),
    "node": lambda client: client.post({"query": f'{{ node(id: "{uuid4()}") {{ id }} }}'}),
    "static query": lambda client: client.post({"query": "{ me { id } }"}),
    "mixed query": lambda client: client.post({"query": "{ me { id } customers { nodes { id } } }"}),
    "generated mutation": lambda client: client.post({
        "query": 'mutation { createCustomer(input: {record: {name: "X"}}) { customer { id } } }'
    }),
    "declared verb": lambda client: client.post({
        "query": 'mutation { createDepartment(input: {name: "X"}) { department { id } } }'
    }),
    "static mutation": lambda client: client.post({"query": "mutation { signOut(input: {}) { closed } }"}),
    "introspection": lambda client: client.post({"query": "{ __schema { queryType { name } } }"}),
    "query by GET": lambda client: client.get("/graphql?query={customers{nodes{id}}}"),
    "SDL": lambda client: client.get("/schema.graphql"),
}


def codes(response: Response) -> list[str]:
    return [each["extensions"]["code"] for each in response.json().get("errors", ())]


@pytest.mark.parametrize("door", DOORS)
async def test_closed_session_is_refused_at_once_at_every_door(call: Call, door: str) -> None:
    client = await call("admin")
    assert "errors" not in await client.ask("{ me { id } }")
    await client.data("mutation { signOut(input: {}) { closed } }")

    response = await DOORS[door](client)

    assert codes(response) == ["SESSION_ENDED"]


@pytest.mark.parametrize("door", DOORS)
async def test_token_of_another_tenant_is_refused_at_every_door(
    shared_tenant: Tenant, neighbour: Tenant, call: Call, door: str
) -> None:
    """[G1] I-2: the token of one tenant with the name of another."""
    client = replace(await call(of=neighbour), token=await shared_tenant.token("admin"))

    response = await DOORS[door](client)

    assert (response.status_code, codes(response)) == (403, ["WRONG_TENANT"])
    assert shared_tenant.placement.slug not in response.text
    assert neighbour.placement.schema not in response.text


async def test_host_and_header_that_disagree_are_refused(neighbour: Tenant, call: Call) -> None:
    """[G1] I-2: the header cannot lead a token away from the host that it came with."""
    client = await call("admin")

    response = await client.post({"query": "{ me { id } }"}, headers={"X-Tenant": neighbour.placement.slug})

    assert (response.status_code, codes(response)) == (400, ["TENANT_AMBIGUOUS"])


async def test_forged_tokens_are_refused_alike(shared_tenant: Tenant, neighbour: Tenant, call: Call) -> None:
    good = await shared_tenant.token("sales")
    kid = str(tokens.parts(good)[0]["kid"])
    public = await shared_tenant.installation.catalog.public_key(shared_tenant.placement.tenant_id, kid)
    assert public is not None
    foreign_kid = str(tokens.parts(await neighbour.token("sales"))[0]["kid"])
    forged = {
        **tokens.forgeries(good, public, other_user=shared_tenant.user_id("admin")),
        "kid of another tenant": tokens.with_header(good, kid=foreign_kid),
        "audience of another tenant": tokens.with_claims(good, aud=str(neighbour.placement.tenant_id)),
    }
    client = await call()

    answers = {
        name: await replace(client, token=token).post({"query": "{ me { id } }"})
        for name, token in forged.items()
        if token.isascii()
    }

    assert {name: (answer.status_code, codes(answer)) for name, answer in answers.items()} == dict.fromkeys(
        answers, (401, ["INVALID_TOKEN"])
    )


async def test_expired_token_says_so(shared_tenant: Tenant, call: Call) -> None:
    opened = OpenSession(uuid4(), shared_tenant.user_id("sales"), "", "kzr_x", utc_now().replace(year=2020))
    expired = await identity.issue(shared_tenant.installation.keys, shared_tenant.placement, TOKENS, opened)

    response = await replace(await call(), token=expired.access_token).post({"query": "{ me { id } }"})

    assert (response.status_code, codes(response)) == (401, ["EXPIRED_TOKEN"])


@pytest.mark.parametrize(
    "authorization", ["Basic c2FsZXM6eA==", "Bearer", "bearer ", "x", "Bearer " + "x" * 5000, "Token abc"]
)
async def test_anything_but_a_bearer_token_is_refused(call: Call, authorization: str) -> None:
    client = await call()

    response = await client.post({"query": "{ me { id } }"}, headers={"Authorization": authorization})

    assert (response.status_code, codes(response)) == (401, ["BEARER_EXPECTED"])


async def test_token_in_the_query_string_is_not_read(shared_tenant: Tenant, call: Call) -> None:
    token = await shared_tenant.token("sales")

    response = await (await call()).get(f"/graphql?query={{me{{id}}}}&access_token={token}&token={token}")

    assert codes(response) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("slug", ["no-such-tenant", "..", "t_aaaaaaaaaaaa", "' OR 1=1 --", "public", "x" * 300])
async def test_tenant_that_does_not_exist_is_unknown(call: Call, slug: str) -> None:
    client = await call()

    response = await client.http.post(
        "http://localhost/graphql", json={"query": "{ __typename }"}, headers={"X-Tenant": slug}
    )

    assert (response.status_code, codes(response)) == (404, ["TENANT_UNKNOWN"])


async def test_schema_name_does_not_name_a_tenant(shared_tenant: Tenant, call: Call) -> None:
    response = await (await call()).http.post(
        "http://localhost/graphql",
        json={"query": "{ __typename }"},
        headers={"X-Tenant": shared_tenant.placement.schema.replace("_", "-")},
    )

    assert codes(response) == ["TENANT_UNKNOWN"]
