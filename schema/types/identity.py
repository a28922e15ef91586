"""GraphQL inputs and payloads of sign-in and of `me`; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.types.errors import InputError


@strawberry.input
class SignInInput:
    """Who signs in, and the proof."""

    email: str
    password: str


@strawberry.type
class SignInPayload:
    """The tokens of a new session. The access token is good until `expiresAt`; the refresh token is good once."""

    access_token: str
    refresh_token: str
    expires_at: datetime


@strawberry.input
class RefreshTokenInput:
    """The refresh token that came last."""

    refresh_token: str


@strawberry.type
class RefreshTokenPayload:
    """The next tokens of the same session."""

    access_token: str
    refresh_token: str
    expires_at: datetime


@strawberry.input
class SignOutInput:
    """Which sessions end: the caller's present one, or every one of the caller."""

    everywhere: bool = False


@strawberry.type
class SignOutPayload:
    """How many sessions were closed."""

    closed: int


@strawberry.input
class ChangePasswordInput:
    """The caller's own present password and the one to follow it."""

    current_password: str
    new_password: str


@strawberry.type
class ChangePasswordPayload:
    """Nothing but what was wrong; without errors the password is changed and other sessions are closed."""

    errors: list[InputError]


@strawberry.type
class Tenant:
    """The tenant that the request was for."""

    name: str
    slug: str
    currency: str


@strawberry.type
class Me:
    """The signed-in user. The record itself is `user(id:)`; `zone` and `language` fall back to the tenant's."""

    id: strawberry.ID
    name: str
    email: str
    roles: list[str]
    may_define: bool
    department_id: strawberry.ID | None
    language: str
    zone: str
    tenant: Tenant
