"""GraphQL inputs and payloads of partner clients and tokens; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.type
class Scope:
    """Something that a token may be allowed to do, such as `customer:read`."""

    name: str
    zh: str
    en: str


@strawberry.input
class CreateClientInput(RepeatableInput):
    """A partner's system, with the role whose rights it has as far as its scopes reach."""

    name: str
    role_id: strawberry.ID
    scopes: list[str]
    secret_days: int = strawberry.field(default=365, description="How long the secret is good, at most 730 days.")


@strawberry.type
class CreateClientPayload(RepeatablePayload):
    """The client. Its secret is shown here and never again, not even to the same `clientMutationId`."""

    client_id: strawberry.ID | None
    secret: str | None
    secret_expires_at: datetime | None


@strawberry.input
class RotateClientSecretInput(RepeatableInput):
    """Which client gets a new secret."""

    id: strawberry.ID
    secret_days: int = strawberry.field(default=365, description="How long the secret is good, at most 730 days.")


@strawberry.type
class RotateClientSecretPayload(RepeatablePayload):
    """The new secret, shown here and never again."""

    client_id: strawberry.ID | None
    secret: str | None
    secret_expires_at: datetime | None


@strawberry.input
class CreateApiTokenInput(RepeatableInput):
    """A token for a program of the caller."""

    name: str
    scopes: list[str]
    days: int = strawberry.field(default=90, description="How long the token is good, at most 366 days.")


@strawberry.type
class CreateApiTokenPayload(RepeatablePayload):
    """The token, shown here and never again."""

    id: strawberry.ID | None
    token: str | None
    expires_at: datetime | None
