"""Personal tokens: who may make and revoke them, how many, and what is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.oauth import api_token
from schema.tables.permissions import user
from services import identity, oauth
from services.oauth import api_tokens, secrets
from services.oauth.errors import ApiTokenNotFound, ApiTokensFull
from tenants.errors import Refused, Unauthenticated
from tenants.transactions import SignedOut

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from services.oauth import ApiToken
    from tenants.context import DefinitionWork, Work
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


@pytest.mark.parametrize(
    ("person", "end"),
    [
        ("sales", identity.deactivate_user),
        ("colleague", lambda work, user_id: identity.set_password(work, user_id, "another password 2")),
    ],
)
async def test_no_token_is_made_by_whose_sessions_ended_meanwhile(
    company: Tenant, person: str, end: Callable[[DefinitionWork, UUID], Awaitable[None]]
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> ApiToken:
        begun.set()
        await ended.wait()
        return await oauth.create_api_token(work, GIVEN, days=1)

    making = asyncio.create_task(company.write(slowly, person=person))
    await begun.wait()
    await company.define(lambda work: end(work, company.user_id(person)), person="admin")
    ended.set()

    with pytest.raises(SignedOut):
        await making


async def test_whoever_ends_the_sessions_of_a_user_waits_for_a_token_that_is_made(company: Tenant) -> None:
    free = sa.select(user.c.id).where(user.c.id == company.user_id("manager"))
    taken = free.with_for_update(key_share=True, skip_locked=True)

    async def made(work: Work) -> int:
        await oauth.create_api_token(work, GIVEN, days=1)
        return len(await company.write(lambda other: other.session.rows(taken)))

    assert await company.write(made, person="manager") == 0
    assert await company.write(lambda work: identity.sign_out(work, everywhere=True), person="manager") == 2


async def test_signing_out_everywhere_waits_for_a_token_that_is_made(company: Tenant) -> None:
    taken = sa.select(user.c.id).where(user.c.id == company.user_id("director"))

    async def left(work: Work) -> int:
        await identity.sign_out(work, everywhere=True)
        return len(
            await company.write(lambda other: other.session.rows(taken.with_for_update(read=True, skip_locked=True)))
        )

    assert await company.write(left, person="director") == 0


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
