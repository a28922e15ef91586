"""The policy of a token: its user's or its client's role's, as far as the scopes reach, and nothing once revoked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from services import oauth, permissions
from services.oauth.policies import policy_of_token
from services.permissions import NO_RIGHTS, OwnedBy, Scope
from tenants.context import Principal, PrincipalKind
from tests.builders import oauth as build

if TYPE_CHECKING:
    from services.permissions import Policy
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant


async def policy(tenant: Tenant, principal: Principal) -> Policy:
    async def read(work: ReadWork) -> Policy:
        return await policy_of_token(replace(work, principal=principal))

    return await tenant.read(read)


async def test_token_of_a_user_has_the_users_arms(shared_tenant: Tenant) -> None:
    sales = shared_tenant.principal("sales")

    found = await policy(shared_tenant, replace(sales, scopes=("customer:read",)))

    assert OwnedBy(Scope.OWN) in found.on("customer").read
    assert (found.on("customer").update, found.on("lead")) == ((), NO_RIGHTS)


async def test_client_has_the_scopes_that_it_and_its_token_have(tenant: Tenant) -> None:
    role_id = await build.role_id(tenant, "director")
    given = {"name": "P", "roleId": role_id, "scopes": ["customer:read", "lead:read"]}
    made = await tenant.define(lambda work: oauth.create_client(work, given, secret_days=1))
    client = Principal(PrincipalKind.CLIENT, made.client_id, scopes=("lead:read", "contact:read"))

    before = await policy(tenant, client)
    await tenant.define(lambda work: oauth.revoke_client(work, made.client_id, if_version=None))
    after = await policy(tenant, client)

    assert [bool(before.on(name).read) for name in ("customer", "lead", "contact")] == [False, True, False]
    assert after == permissions.no_policy(after.version)


async def test_client_that_never_was_may_do_nothing(shared_tenant: Tenant) -> None:
    found = await policy(shared_tenant, Principal(PrincipalKind.CLIENT, UUID(int=9), scopes=("customer:read",)))

    assert found == permissions.no_policy(found.version)
