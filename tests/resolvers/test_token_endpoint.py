"""`POST /oauth/token` over HTTP: a secret for a token, and refusals that tell a stranger nothing."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from tests.builders import oauth

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]

GRANT = {"grant_type": "client_credentials"}
REFUSED = {
    "error": "invalid_client",
    "error_description": "The client cannot authenticate with methods: ['client_secret_basic', 'client_secret_post']",
}


async def test_secret_is_exchanged_for_a_token_of_an_hour(tenant: Tenant, client_as: Call) -> None:
    partner = await oauth.partner(tenant, await client_as("admin"), ["customer:read", "lead:read"])
    nobody = await client_as()

    answer = await oauth.ask_token(nobody, {**GRANT, "client_id": partner.id, "client_secret": partner.secret})

    body = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert {name: body[name] for name in body if name != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "customer:read lead:read",
    }
    assert body["access_token"].startswith("kzc_")


async def test_secret_in_the_header_is_as_good_and_fewer_scopes_may_be_asked(tenant: Tenant, client_as: Call) -> None:
    partner = await oauth.partner(tenant, await client_as("admin"), ["customer:read", "lead:read"])
    basic = base64.b64encode(f"{partner.id}:{partner.secret}".encode()).decode()

    answer = await oauth.ask_token(await client_as(), {**GRANT, "scope": "lead:read"}, Authorization=f"Basic {basic}")

    assert (answer.status_code, answer.json()["scope"]) == (200, "lead:read")


async def test_scope_that_the_client_does_not_have_is_refused(tenant: Tenant, client_as: Call) -> None:
    partner = await oauth.partner(tenant, await client_as("admin"), ["customer:read"])
    form = {**GRANT, "client_id": partner.id, "client_secret": partner.secret, "scope": "customer:read customer:write"}

    answer = await oauth.ask_token(await client_as(), form)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


async def test_unknown_client_wrong_secret_and_other_tenant_answer_alike(
    tenant: Tenant, other_tenant: Tenant, client_as: Call
) -> None:
    partner = await oauth.partner(tenant, await client_as("admin"), ["customer:read"])
    stranger = "019a0000-0000-7000-8000-000000000000"
    nobody, elsewhere = await client_as(), await client_as(of=other_tenant)

    answers = [
        await oauth.ask_token(nobody, {**GRANT, "client_id": partner.id, "client_secret": "kzs_wrong"}),
        await oauth.ask_token(nobody, {**GRANT, "client_id": stranger, "client_secret": partner.secret}),
        await oauth.ask_token(nobody, {**GRANT, "client_id": "no id", "client_secret": partner.secret}),
        await oauth.ask_token(nobody, {**GRANT, "client_id": partner.id}),
        await oauth.ask_token(nobody, GRANT),
        await oauth.ask_token(nobody, GRANT, Authorization="Basic /////w=="),
        await oauth.ask_token(elsewhere, {**GRANT, "client_id": partner.id, "client_secret": partner.secret}),
    ]

    assert [(each.status_code, each.json()) for each in answers] == [(401, REFUSED)] * len(answers)
    assert {each.headers["www-authenticate"].split()[0] for each in answers} == {"Basic"}


async def test_wrong_secrets_are_throttled_and_the_right_one_must_wait_too(tenant: Tenant, client_as: Call) -> None:
    partner = await oauth.partner(tenant, await client_as("admin"), ["customer:read"])
    nobody = await client_as()
    wrong = {**GRANT, "client_id": partner.id, "client_secret": "kzs_wrong"}

    tried = [(await oauth.ask_token(nobody, wrong)).status_code for _ in range(5)]
    blocked = await oauth.ask_token(nobody, {**wrong, "client_secret": partner.secret})

    assert tried == [401] * 5
    assert (blocked.status_code, blocked.json()["error"]) == (429, "slow_down")
    assert 0 < int(blocked.headers["retry-after"]) <= 30


@pytest.mark.parametrize(
    ("body", "kind", "status", "error"),
    [
        ("grant_type=password&client_id=x&client_secret=y", "application/x-www-form-urlencoded", 400,
         "unsupported_grant_type"),
        ('{"grant_type": "client_credentials"}', "application/json", 400, "invalid_request"),
        ("grant_type=a&grant_type=b", "application/x-www-form-urlencoded", 400, "invalid_request"),
        ("grant_type", "application/x-www-form-urlencoded", 400, "invalid_request"),
    ],
)  # fmt: skip
async def test_what_is_no_such_request_is_refused(
    client_as: Call, body: str, kind: str, status: int, error: str
) -> None:
    nobody = await client_as()

    answer = await nobody.http.post("/oauth/token", content=body, headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_tenant_that_does_not_exist_has_no_tokens(client_as: Call) -> None:
    nobody = await client_as()

    answer = await nobody.http.post("http://nowhere.localhost/oauth/token", data=GRANT)

    assert (answer.status_code, answer.json()["error"]) == (404, "invalid_request")
