"""Clients, tokens and scopes over GraphQL: secrets are shown once, lists show none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.builders import oauth

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

ClientAs = Callable[..., Awaitable["Client"]]


async def test_scopes_are_listed_with_their_words(client_as: ClientAs) -> None:
    sales = await client_as("sales")

    found = (await sales.data('{ scopes(object: "customer") { name zh en } }'))["scopes"]

    assert {"name": "customer:write", "zh": "读取和修改客户", "en": "Read and change Customer"} in found


async def test_secret_of_a_client_is_shown_once_even_to_the_same_id(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    given = {"name": "P", "roleId": str(await oauth.role_id(tenant, "sales")), "scopes": ["customer:read"], "key": "k"}

    first, again = [(await admin.data(oauth.CREATE_CLIENT, **given))["createClient"] for _ in range(2)]

    assert first["secret"].startswith("kzs_")
    assert again == {**first, "secret": None}
    fields = "{ clients { nodes { id name scopes state role { name } secretExpiresAt } } }"
    assert (await admin.data(fields))["clients"]["nodes"] == [
        {
            "id": first["clientId"],
            "name": "P",
            "scopes": ["customer:read"],
            "state": "active",
            "role": {"name": "sales"},
            "secretExpiresAt": (await admin.data("{ clients { nodes { secretExpiresAt } } }"))["clients"]["nodes"][0][
                "secretExpiresAt"
            ],
        }
    ]


async def test_token_is_shown_once_and_listed_for_its_user_alone(client_as: ClientAs) -> None:
    sales, stranger, admin = await client_as("sales"), await client_as("stranger"), await client_as("admin")

    first, again = [await oauth.personal_token(sales, ["customer:read"], key="k") for _ in range(2)]

    assert again == {**first, "token": None}
    listed = "{ apiTokens { nodes { id name scopes user { name } revokedAt } } }"
    mine = {
        "id": first["id"],
        "name": "program",
        "scopes": ["customer:read"],
        "user": {"name": "sales"},
        "revokedAt": None,
    }
    seen = [(await each.data(listed))["apiTokens"]["nodes"] for each in (sales, admin, stranger)]
    assert seen == [[mine], [mine], []]


async def test_wrong_input_is_answered_in_the_payload(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    role = str(await oauth.role_id(tenant, "sales"))

    made = await admin.data(oauth.CREATE_CLIENT, name="P", roleId=role, scopes=["customer:read", "x:read"])
    days = await admin.data(oauth.CREATE_TOKEN, name="P", scopes=["customer:read"], days=1000)

    assert made["createClient"] == {
        "clientId": None,
        "secret": None,
        "secretExpiresAt": None,
        "errors": [{"path": ["scopes", "1"], "code": "UNKNOWN_SCOPE"}],
    }
    assert days["createApiToken"]["errors"] == [{"path": ["days"], "code": "LIFETIME_OUT_OF_RANGE"}]


async def test_clients_are_registered_by_administrators_only(tenant: Tenant, client_as: ClientAs) -> None:
    director = await client_as("director")
    role = str(await oauth.role_id(tenant, "sales"))

    errors = await director.errors(oauth.CREATE_CLIENT, name="P", roleId=role, scopes=["customer:read"])

    assert [each["extensions"]["code"] for each in errors] == ["FORBIDDEN"]
    assert [each["extensions"]["code"] for each in await director.errors("{ clients { nodes { id } } }")] == [
        "OBJECT_NOT_READABLE"
    ]
