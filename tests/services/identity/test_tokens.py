"""Access tokens: who, which session, until when, of which tenant; nothing that is not signed by the tenant's key."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import identity
from services.identity import OpenSession
from tenants.context import Principal, PrincipalKind
from tenants.keys import ExpiredToken, InvalidToken, MasterKey, TokenKeys, WrongTenant
from tests.builders import tokens
from tests.builders.identity import TOKENS

if TYPE_CHECKING:
    from tenants.installation import Installation
    from tests.builders.clocks import StandingClock
    from tests.builders.tenants import Tenant

USER, SESSION = UUID(int=7), UUID(int=8)


@pytest.fixture
def keys(installation: Installation, clock: StandingClock) -> TokenKeys:
    return TokenKeys(installation.catalog, MasterKey(installation.settings.master_key), clock)


async def issued(keys: TokenKeys, tenant: Tenant, clock: StandingClock) -> identity.Tokens:
    opened = OpenSession(SESSION, USER, "Asia/Tokyo", "kzr_x", clock.now)
    return await identity.issue(keys, tenant.placement, TOKENS, opened)


async def refusals(tenant: Tenant) -> list[dict[str, object]]:
    noted = sa.select(audit_entry.c.body).where(audit_entry.c.action == "token.refused").order_by(audit_entry.c.id)
    return [json.loads(row["body"]) for row in await tenant.read(lambda work: work.session.rows(noted))]


async def test_token_names_user_session_and_zone(keys: TokenKeys, shared_tenant: Tenant, clock: StandingClock) -> None:
    found = await issued(keys, shared_tenant, clock)

    principal = await identity.authenticate(keys, shared_tenant.placement, found.access_token, shared_tenant.write)

    assert principal == Principal(PrincipalKind.USER, USER, SESSION, zone="Asia/Tokyo")
    assert found.expires_at == (clock.now + timedelta(minutes=10)).replace(microsecond=0)


async def test_token_holds_nothing_else(keys: TokenKeys, shared_tenant: Tenant, clock: StandingClock) -> None:
    header, claims, _ = tokens.parts((await issued(keys, shared_tenant, clock)).access_token)

    assert header == {"typ": "JWT", "alg": "Ed25519", "kid": header["kid"]}
    assert sorted(claims) == ["aud", "exp", "iat", "sid", "sub", "zone"]


@pytest.mark.parametrize("checks_before", [0, 1])
async def test_token_ends_after_ten_minutes(
    keys: TokenKeys, shared_tenant: Tenant, clock: StandingClock, checks_before: int
) -> None:
    found = await issued(keys, shared_tenant, clock)
    for _ in range(checks_before):
        await identity.authenticate(keys, shared_tenant.placement, found.access_token, shared_tenant.write)

    clock.advance(minutes=10, seconds=1)

    with pytest.raises(ExpiredToken):
        await identity.authenticate(keys, shared_tenant.placement, found.access_token, shared_tenant.write)


@pytest.mark.parametrize("checks_before", [0, 1])
async def test_token_of_another_tenant_is_refused(
    keys: TokenKeys, shared_tenant: Tenant, company: Tenant, clock: StandingClock, checks_before: int
) -> None:
    found = await issued(keys, company, clock)
    for _ in range(checks_before):
        await identity.authenticate(keys, company.placement, found.access_token, company.write)

    with pytest.raises(WrongTenant):
        await identity.authenticate(keys, shared_tenant.placement, found.access_token, shared_tenant.write)


async def test_foreign_token_is_noted_once_where_it_was_tried_and_not_whose_it_is(
    keys: TokenKeys, company: Tenant, shared_tenant: Tenant, clock: StandingClock
) -> None:
    before, found = await refusals(company), await issued(keys, shared_tenant, clock)

    for _ in range(2):
        with pytest.raises(WrongTenant):
            await identity.authenticate(keys, company.placement, found.access_token, company.write)

    added = (await refusals(company))[len(before) :]
    assert [details["details"] for details in added] == [{"reason": "of another tenant"}]


async def test_foreign_token_that_has_expired_is_nobodys(
    keys: TokenKeys, company: Tenant, shared_tenant: Tenant, clock: StandingClock
) -> None:
    before, found = await refusals(company), await issued(keys, shared_tenant, clock)
    clock.advance(minutes=10, seconds=1)

    with pytest.raises(InvalidToken):
        await identity.authenticate(keys, company.placement, found.access_token, company.write)

    assert await refusals(company) == before


async def test_forged_tokens_are_refused(keys: TokenKeys, shared_tenant: Tenant, clock: StandingClock) -> None:
    good = (await issued(keys, shared_tenant, clock)).access_token
    kid = str(tokens.parts(good)[0]["kid"])
    public = await keys._catalog.public_key(shared_tenant.placement.tenant_id, kid)
    assert public is not None

    forged = tokens.forgeries(good, public, other_user=uuid4())
    answers = await asyncio.gather(
        *(identity.authenticate(keys, shared_tenant.placement, each, shared_tenant.write) for each in forged.values()),
        return_exceptions=True,
    )

    assert {name: type(answer) for name, answer in zip(forged, answers, strict=True)} == dict.fromkeys(
        forged, InvalidToken
    )


@pytest.mark.parametrize("claims", [{"sub": "x"}, {"sid": "x"}, {"sub": ""}], ids=str)
async def test_signed_token_without_a_user_is_refused(
    keys: TokenKeys, shared_tenant: Tenant, clock: StandingClock, claims: dict[str, str]
) -> None:
    whole: dict[str, str | int | None] = {"sub": str(USER), "sid": str(SESSION), "exp": int(clock.now.timestamp()) + 60}
    token = await keys.sign(shared_tenant.placement, {**whole, **claims})

    with pytest.raises(InvalidToken):
        await identity.authenticate(keys, shared_tenant.placement, token, shared_tenant.write)


async def test_token_of_the_key_before_is_good_after_a_rotation(
    keys: TokenKeys, company: Tenant, clock: StandingClock
) -> None:
    before = await issued(keys, company, clock)
    await keys.rotate(company.placement)
    after = await issued(keys, company, clock)

    found = [
        await identity.authenticate(keys, company.placement, each.access_token, company.write)
        for each in (before, after)
    ]

    assert found == [replace(found[0])] * 2
    assert tokens.parts(before.access_token)[0]["kid"] != tokens.parts(after.access_token)[0]["kid"]
