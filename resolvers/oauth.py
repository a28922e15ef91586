"""Partner clients and tokens over GraphQL: what answers a secret, and the list of scopes.

The other mutations are declared verbs; clients and tokens are read like records.
"""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from resolvers.once import Kept, define_once, write_once
from schema.types.oauth import (
    CreateApiTokenInput,
    CreateApiTokenPayload,
    CreateClientInput,
    CreateClientPayload,
    RotateClientSecretInput,
    RotateClientSecretPayload,
    Scope,
)
from services import identity, oauth
from services.oauth import ApiToken, ClientSecret
from tenants.context import DefinitionWork, Work

if TYPE_CHECKING:
    from uuid import UUID


@strawberry.type
class OauthQuery:
    """What may be allowed."""

    @strawberry.field(description="The scopes that tokens may have; of one object, with those of its fields.")
    async def scopes(self, info: Info, object: str | None = None) -> list[Scope] | None:
        """In the order of objects."""
        found = await info.context.read(lambda work: oauth.list_scopes(work, object))
        return [Scope(name=each.name, zh=each.words.zh, en=each.words.en) for each in found]


@strawberry.type
class OauthMutation:
    """What answers a secret, once."""

    @strawberry.mutation(description="Registers a partner's system. Its secret is shown this once.")
    async def create_client(self, info: Info, input: CreateClientInput) -> CreateClientPayload | None:
        """The client and its secret."""
        given = {"name": input.name, "roleId": input.role_id, "scopes": input.scopes}
        made = await define_once(
            info, input, _CLIENT, lambda work: oauth.create_client(work, given, secret_days=input.secret_days)
        )
        return CreateClientPayload(
            client_id=_id(made.client_id), secret=made.secret, secret_expires_at=made.expires_at, errors=[]
        )

    @strawberry.mutation(description="Gives a client a new secret; the one before and all its tokens end at once.")
    async def rotate_client_secret(
        self, info: Info, input: RotateClientSecretInput
    ) -> RotateClientSecretPayload | None:
        """The new secret."""
        client_id = identity.inputs.id_({"id": input.id}, "id")
        made = await define_once(
            info,
            input,
            _CLIENT,
            lambda work: oauth.rotate_client_secret(work, client_id, secret_days=input.secret_days),
        )
        return RotateClientSecretPayload(
            client_id=_id(made.client_id), secret=made.secret, secret_expires_at=made.expires_at, errors=[]
        )

    @strawberry.mutation(description="Makes a token for a program of the caller. It is shown this once.")
    async def create_api_token(self, info: Info, input: CreateApiTokenInput) -> CreateApiTokenPayload | None:
        """The token."""
        given = {"name": input.name, "scopes": input.scopes}
        made = await write_once(info, input, _TOKEN, lambda work: oauth.create_api_token(work, given, days=input.days))
        return CreateApiTokenPayload(id=_id(made.id), token=made.text, expires_at=made.expires_at, errors=[])


_CLIENT: Kept[DefinitionWork, ClientSecret] = Kept(
    ids=lambda made: {"client": (made.client_id,)}, again=lambda work, ids: oauth.recall_client(work, ids["client"][0])
)
_TOKEN: Kept[Work, ApiToken] = Kept(
    ids=lambda made: {"apiToken": (made.id,)}, again=lambda work, ids: oauth.recall_api_token(work, ids["apiToken"][0])
)


def _id(found: UUID) -> strawberry.ID:
    return strawberry.ID(str(found))
