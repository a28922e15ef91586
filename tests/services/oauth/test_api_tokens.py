"""Personal tokens: who may make and revoke them, how many, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.oauth import api_token
from services import oauth
from services.oauth import api_tokens, secrets
from services.oauth.errors import ApiTokenNotFound, ApiTokensFull
from tenants.errors import Refused, Unauthenticated

if TYPE_CHECKING:
    from services.oauth import ApiToken
    from tests.builders.tenants import Tenant

GIVEN = {"name": "program", "scopes": ["customer:read"]}


async def make(tenant: Tenant, *, person: str = "sales", days: int = 1) -> ApiToken:
    return await tenant.write(lambda work: oauth.create_api_token(work, GIVEN, days=days), person=person)


async def test_only_the_hash_is_kept(tenant: Tenant) -> None:
    made = await make(tenant)

    (row,) = await tenant.read(lambda work: work.session.rows(sa.select(api_token)))
    assert (row["id"], row["hash"], row["user_id"]) == (
        made.id,
        secrets.digest(made.text or ""),
        tenant.user_id("sales"),
    )
    assert await tenant.write(
        lambda work: oauth.recall_api_token(work, made.id), person="sales"
    ) == api_tokens.ApiToken(made.id, None, made.expires_at)


async def test_the_system_and_lifetimes_without_bounds_make_none(shared_tenant: Tenant) -> None:
    with pytest.raises(Unauthenticated):
        await make(shared_tenant, person="")
    for days in (0, 367):
        with pytest.raises(Refused):
            await make(shared_tenant, days=days)


async def test_a_user_has_so_many_at_a_time(tenant: Tenant) -> None:
    made = [await make(tenant) for _ in range(api_tokens.MOST_TOKENS)]

    with pytest.raises(ApiTokensFull):
        await make(tenant)
    await tenant.write(lambda work: oauth.revoke_api_token(work, made[0].id), person="sales")

    assert (await make(tenant)).text is not None


async def test_own_and_as_an_administrator_anybodys_are_revoked(tenant: Tenant) -> None:
    made = await make(tenant)

    with pytest.raises(ApiTokenNotFound):
        await tenant.write(lambda work: oauth.revoke_api_token(work, made.id), person="stranger")
    with pytest.raises(ApiTokenNotFound):
        await tenant.write(lambda work: oauth.revoke_api_token(work, UUID(int=5)), person="admin")
    await tenant.write(lambda work: oauth.revoke_api_token(work, made.id), person="admin")
    await tenant.write(lambda work: oauth.revoke_api_token(work, made.id), person="sales")

    revoked = sa.select(sa.func.count()).where(api_token.c.revoked_at.is_not(None))
    assert await tenant.read(lambda work: work.session.scalar(revoked)) == 1
