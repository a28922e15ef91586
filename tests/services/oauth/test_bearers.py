"""Who presents a token: found once by its hash, then remembered, and known by what it was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import identity, oauth
from services.oauth import secrets
from tenants.context import PrincipalKind
from tenants.keys import InvalidToken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from services.oauth import KnownToken
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant


@pytest.mark.parametrize(("bearer", "is_one"), [("kzp_x", True), ("kzc_x", True), ("kzr_x", False), ("eyJ", False)])
def test_token_of_the_api_is_told_by_its_beginning(bearer: str, is_one: bool) -> None:
    assert oauth.is_api_token(bearer) is is_one


async def test_token_is_looked_up_once(tenant: Tenant) -> None:
    given = {"name": "P", "scopes": ["customer:read"]}
    made = await tenant.write(lambda work: oauth.create_api_token(work, given, days=1), person="sales")
    cache, looked = tenant.installation.cache, []

    async def find(verb: Callable[[ReadWork], Awaitable[KnownToken | None]]) -> KnownToken | None:
        looked.append(1)
        return await tenant.read(verb)

    found = [await oauth.authenticate_token(cache, tenant.placement, made.text or "", find) for _ in range(2)]

    assert (len(looked), found[0]) == (1, found[1])
    assert (found[0].kind, found[0].id, found[0].session_id) == (PrincipalKind.USER, tenant.user_id("sales"), made.id)
    assert (found[0].client_id, found[0].scopes, found[0].is_token) == (str(made.id), ("customer:read",), True)


async def test_zone_of_its_user_is_followed(company: Tenant) -> None:
    given = {"name": "P", "scopes": ["customer:read"]}
    made = await company.write(lambda work: oauth.create_api_token(work, given, days=1), person="sales")
    cache = company.installation.cache

    async def zone() -> str:
        return (await oauth.authenticate_token(cache, company.placement, made.text or "", company.read)).zone

    before = await zone()
    moved = {"zone": "Asia/Tokyo"}
    await company.define(lambda work: identity.update_user(work, company.user_id("sales"), moved), person="admin")
    await company.read(identity.me, person="sales")

    assert (before, await zone()) == ("", "Asia/Tokyo")


async def test_token_that_nobody_made_is_invalid(shared_tenant: Tenant) -> None:
    text = secrets.make(secrets.PERSONAL_TOKEN)

    with pytest.raises(InvalidToken):
        await oauth.authenticate_token(
            shared_tenant.installation.cache, shared_tenant.placement, text, shared_tenant.read
        )
