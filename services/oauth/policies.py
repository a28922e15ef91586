"""What a token may do: what its user or its client's role may do, as far as its scopes reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.oauth import client
from services import metadata, permissions
from services.oauth.narrowing import narrowed
from tenants.context import PrincipalKind

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from services.permissions import Policy
    from tenants.context import Principal, ReadWork


async def policy_of_token(work: ReadWork) -> Policy:
    """The policy of the token that acts. A client's scopes hold for its tokens that are out already."""
    principal = work.principal
    shape = (await metadata.registry(work)).shape
    if principal.kind is PrincipalKind.USER:
        return narrowed(await permissions.policy_of(work, principal.id), principal.scopes, shape)
    found = await work.session.row(_live(principal.id))
    if found is None:
        return permissions.no_policy(work.versions.access)
    return narrowed(await permissions.policy_of_role(work, found["role_id"]), _left(principal, found), shape)


async def scopes_of_token(work: ReadWork) -> frozenset[str]:
    """What is left of the scopes of the token that acts."""
    if work.principal.kind is PrincipalKind.USER:
        return frozenset(work.principal.scopes)
    found = await work.session.row(_live(work.principal.id))
    return frozenset() if found is None else _left(work.principal, found)


def _left(principal: Principal, found: asyncpg.Record) -> frozenset[str]:
    scopes = frozenset(principal.scopes)
    return scopes & set(found["scopes"])


permissions.narrow_tokens(policy_of_token)


def _live(client_id: UUID) -> sa.Select[UUID, list[str]]:
    return sa.select(client.c.role_id, client.c.scopes).where(client.c.id == client_id, client.c.state == "active")
