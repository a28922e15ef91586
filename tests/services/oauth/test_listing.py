"""The list of scopes: all for people, a token's own for a token, nothing for nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services import oauth
from tenants.context import ANONYMOUS, Principal, PrincipalKind
from tenants.errors import Unauthenticated
from tests.builders import oauth as build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant


async def names(tenant: Tenant, principal: Principal, object_name: str | None = None) -> list[str]:
    async def read(work: ReadWork) -> Sequence[oauth.OfferedScope]:
        return await oauth.list_scopes(replace(work, principal=principal), object_name)

    return [each.name for each in await tenant.read(read)]


async def test_people_are_shown_all_and_tokens_their_own(shared_tenant: Tenant) -> None:
    sales = shared_tenant.principal("sales")

    every = await names(shared_tenant, sales)
    own = await names(shared_tenant, replace(sales, scopes=("customer:read", "lead:write")))

    assert {"customer:read", "lead:write", "customer.contactInfo:read", "metadata:admin"} < set(every)
    assert own == ["customer:read", "lead:write"]


async def test_scope_that_was_taken_from_a_client_is_not_its_token_s_any_more(company: Tenant) -> None:
    role_id = await build.role_id(company, "director")
    given = {"name": "P", "roleId": role_id, "scopes": ["customer:read", "lead:read"]}
    made = await company.define(lambda work: oauth.create_client(work, given, secret_days=1))
    token = Principal(PrincipalKind.CLIENT, made.client_id, scopes=("lead:read", "customer:read"))
    fewer = {"scopes": ["lead:read"]}

    before = await names(company, token)
    await company.define(lambda work: oauth.update_client(work, made.client_id, fewer, if_version=None))
    after = await names(company, token)

    assert (before, after) == (["customer:read", "lead:read"], ["lead:read"])


async def test_nobody_is_shown_nothing(shared_tenant: Tenant) -> None:
    with pytest.raises(Unauthenticated):
        await names(shared_tenant, ANONYMOUS)
