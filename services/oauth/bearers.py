"""Who presents a token of the API: found by its hash, and remembered till access moves: of a token nothing ever changes,
but its user's zone does.

Whether it was revoked is checked by the unit of work, in the transaction that answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

from schema.tables.oauth import api_token
from schema.tables.permissions import user
from services.oauth import secrets
from tenants.clock import utc_now
from tenants.context import Principal, PrincipalKind
from tenants.keys import ExpiredToken, InvalidToken

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from tenants.cache import TenantCache
    from tenants.context import ReadWork
    from tenants.placement import Placement

Find: TypeAlias = Callable[[Callable[["ReadWork"], Awaitable["KnownToken | None"]]], Awaitable["KnownToken | None"]]

_PREFIXES = (secrets.CLIENT_TOKEN, secrets.PERSONAL_TOKEN)


@dataclass(frozen=True, slots=True)
class KnownToken:
    """What a token says, and of its user the zone."""

    principal: Principal
    expires_at: datetime


def is_api_token(bearer: str) -> bool:
    """Whether this is written like a token of the API, and not like one of a sign-in."""
    return bearer.startswith(_PREFIXES)


async def authenticate_token(cache: TenantCache, placement: Placement, bearer: str, find: Find) -> Principal:
    """Who presents the token; `InvalidToken` or `ExpiredToken` if it is none of this tenant's. `find` reads there."""
    digest = secrets.digest(bearer)
    versions = cache.versions(placement.tenant_id)
    key = (versions and versions.access, digest)
    known = cache.get(KnownToken, placement.tenant_id, key)
    if known is None:
        known = await find(lambda work: _known(work, api_token.c.hash == digest))
        if known is None:
            raise InvalidToken
        cache.put(KnownToken, placement.tenant_id, key, known)
    if known.expires_at <= utc_now():
        raise ExpiredToken
    return known.principal


async def bearer_of(token_id: UUID, find: Find) -> Principal:
    """Who has the token with this id; whether it still holds is checked where he acts."""
    known = await find(lambda work: _known(work, api_token.c.id == token_id))
    if known is None:
        raise InvalidToken
    return known.principal


async def _known(work: ReadWork, chosen: sa.ColumnElement[bool]) -> KnownToken | None:
    found = await work.session.row(_one(chosen))
    return None if found is None else KnownToken(_principal(found), found["expires_at"])


def _principal(found: asyncpg.Record) -> Principal:
    scopes = tuple(found["scopes"])
    if found["client_id"]:
        # A client is known by its own id, a program of a user by its token's.
        return Principal(
            PrincipalKind.CLIENT, found["client_id"], found["id"], client_id=str(found["client_id"]), scopes=scopes
        )
    return Principal(
        PrincipalKind.USER,
        found["user_id"],
        found["id"],
        client_id=str(found["id"]),
        zone=found["zone"] or "",
        scopes=scopes,
    )


def _one(chosen: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    return (
        sa
        .select(api_token, user.c.zone)
        .select_from(api_token.outerjoin(user, user.c.id == api_token.c.user_id))
        .where(chosen)
    )
