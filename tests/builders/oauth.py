"""Partner clients and tokens, made over HTTP as a partner's administrator and a partner's system make them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from schema.tables.permissions import role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from httpx2 import Response

    from tests.builders.tenants import Tenant
    from tests.clients import Client

CREATE_CLIENT = """
mutation ($name: String!, $roleId: ID!, $scopes: [String!]!, $secretDays: Int! = 365, $key: String) {
  createClient(input: {name: $name, roleId: $roleId, scopes: $scopes, secretDays: $secretDays, clientMutationId: $key}) {
    clientId secret secretExpiresAt errors { path code }
  }
}
"""
CREATE_TOKEN = """
mutation ($name: String!, $scopes: [String!]!, $days: Int! = 90, $key: String) {
  createApiToken(input: {name: $name, scopes: $scopes, days: $days, clientMutationId: $key}) {
    id token expiresAt errors { path code }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Partner:
    """A registered client, as its own system knows itself."""

    id: str
    secret: str


async def role_id(tenant: Tenant, name: str) -> UUID:
    """A role of the pack."""
    found: UUID = await tenant.read(lambda work: work.session.scalar(sa.select(role.c.id).where(role.c.name == name)))
    return found


async def partner(tenant: Tenant, admin: Client, scopes: Sequence[str], *, role: str = "director") -> Partner:
    """A new client with the rights of a role, as far as these scopes reach."""
    name = f"partner for {role} {' '.join(scopes)}"
    made = await admin.data(CREATE_CLIENT, name=name, roleId=str(await role_id(tenant, role)), scopes=list(scopes))
    assert made["createClient"]["errors"] == []
    return Partner(made["createClient"]["clientId"], made["createClient"]["secret"])


async def ask_token(nobody: Client, form: dict[str, str], **headers: str) -> Response:
    """A request to the token endpoint."""
    return await nobody.http.post("/oauth/token", data=form, headers=headers)


async def token_for(nobody: Client, of: Partner, scope: str = "") -> str:
    """A token for the client's secret."""
    form = {"grant_type": "client_credentials", "client_id": of.id, "client_secret": of.secret}
    answer = await ask_token(nobody, form | ({"scope": scope} if scope else {}))
    assert answer.status_code == 200, answer.text
    return cast("str", answer.json()["access_token"])


async def as_partner(nobody: Client, of: Partner, scope: str = "") -> Client:
    """The client's system, with a token."""
    return replace(nobody, token=await token_for(nobody, of, scope))


async def personal_token(user: Client, scopes: Sequence[str], **more: object) -> dict[str, Any]:  # Any: an answer
    """A token that a user made."""
    made = await user.data(CREATE_TOKEN, name="program", scopes=list(scopes), **more)
    assert made["createApiToken"]["errors"] == []
    return cast("dict[str, Any]", made["createApiToken"])
