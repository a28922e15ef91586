"""`me`: the signed-in user with roles, and the tenant's language and zone where the user has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import identity
from services.identity import Me
from tenants.errors import Unauthenticated
from tests.builders import identity as build

if TYPE_CHECKING:
    from tests.builders.callers import Caller
    from tests.builders.tenants import Tenant


async def test_user_without_wishes_gets_the_tenants(tenant: Tenant) -> None:
    found = await tenant.read(identity.me, person="manager")

    assert found == Me(
        id=tenant.user_id("manager"),
        name="manager",
        email="manager@tenant.example",
        roles=("manager",),
        may_define=False,
        department_id=found.department_id,
        language="zh",
        zone="Asia/Shanghai",
        tenant_name=tenant.placement.slug,
        currency="CNY",
    )
    assert str(found.department_id)[14] == "7"


async def test_users_own_language_and_zone_win(system: Caller) -> None:
    await build.user(system, email="anna@demo.example", roles=["admin"], language="en", zone="Europe/Berlin")
    caller = system.as_user(await build.signed_in(system, email="anna@demo.example"))

    found = await caller.read(identity.me)

    assert (found.language, found.zone, found.may_define, found.roles) == ("en", "Europe/Berlin", True, ("admin",))


async def test_nobody_and_the_system_are_no_users(system: Caller) -> None:
    for caller in (system, system.anonymous()):
        with pytest.raises(Unauthenticated):
            await caller.read(identity.me)
