"""[G2] The rows of roles become what a policy is made of, each under the name of its role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.permissions import Scope, stored
from services.permissions.rules import Grant

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_a_user_holds_what_the_roles_say(shared_tenant: Tenant) -> None:
    held = await shared_tenant.read(lambda work: stored.held_by(work, shared_tenant.user_id("sales")))

    assert (held.roles, held.is_admin, held.fields, held.criteria, held.restrictions) == (["sales"], False, [], [], [])
    assert Grant("sales", "receipt", read=Scope.OWN) in held.grants


async def test_who_holds_no_role_holds_nothing(shared_tenant: Tenant) -> None:
    held = await shared_tenant.read(lambda work: stored.held_by(work, work.principal.id))

    assert held == stored.Held([], is_admin=False, grants=[], fields=[], criteria=[], restrictions=[])
