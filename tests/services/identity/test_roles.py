"""Roles are given and taken; rights follow at the next request, and an administrator is always left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import role_member
from services import identity
from services.identity.errors import LastAdmin
from tenants.errors import Refused
from tests.builders import identity as build

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.callers import Caller
    from tests.builders.tenants import Tenant


async def assign(system: Caller, user_id: UUID, name: str) -> None:
    role_id = await build.role_id(system, name)
    await system.define(lambda work: identity.assign_role(work, user_id=user_id, role_id=role_id))


async def revoke(system: Caller, user_id: UUID, name: str) -> None:
    role_id = await build.role_id(system, name)
    await system.define(lambda work: identity.revoke_role(work, user_id=user_id, role_id=role_id))


async def roles_of(caller: Caller) -> tuple[str, ...]:
    return (await caller.read(identity.me)).roles


async def test_new_role_counts_at_the_next_request(system: Caller) -> None:
    caller = await build.caller(system)
    assert await roles_of(caller) == ()

    await assign(system, caller.principal.id, "sales")
    assert await roles_of(caller) == ("sales",)
    await assign(system, caller.principal.id, "finance")
    assert await roles_of(caller) == ("finance", "sales")
    await revoke(system, caller.principal.id, "sales")
    assert await roles_of(caller) == ("finance",)


async def test_downgraded_admin_may_define_no_more(system: Caller) -> None:
    caller = await build.caller(system, roles=["admin"])
    assert (await caller.read(identity.me)).may_define

    await revoke(system, caller.principal.id, "admin")

    assert not (await caller.read(identity.me)).may_define


async def test_giving_twice_and_taking_what_is_not_held_changes_nothing(system: Caller) -> None:
    user_id = await build.user(system, roles=["sales"])

    await assign(system, user_id, "sales")
    await revoke(system, user_id, "finance")

    held = sa.select(sa.func.count()).where(role_member.c.user_id == user_id)
    assert await system.read(lambda work: work.session.scalar(held)) == 1
    actions = sa.select(audit_entry.c.action).where(audit_entry.c.record_id == user_id).order_by(audit_entry.c.id)
    found = await system.read(lambda work: work.session.rows(actions))
    assert [row["action"] for row in found] == ["user.created", "role.assigned"]


@pytest.mark.parametrize("wrong", ["userId", "roleId"])
async def test_unknown_user_or_role_is_named(system: Caller, company: Tenant, wrong: str) -> None:
    known = {"user_id": company.user_id("sales"), "role_id": await build.role_id(system, "sales")}
    given = {**known, "user_id" if wrong == "userId" else "role_id": uuid4()}

    for verb in (identity.assign_role, identity.revoke_role):
        with pytest.raises(Refused) as refused:
            await system.define(lambda work: verb(work, **given))  # noqa: B023 - awaited at once
        assert [(each.path, each.fault.code) for each in refused.value.violations] == [((wrong,), "RELATION_NOT_FOUND")]


async def test_last_admin_keeps_the_role(system: Caller, company: Tenant) -> None:
    with pytest.raises(LastAdmin):
        await revoke(system, company.user_id("admin"), "admin")

    assert (await company.read(identity.me, person="admin")).may_define


async def test_inactive_admin_does_not_count(system: Caller, company: Tenant) -> None:
    second = await build.user(system, roles=["admin"])
    await system.define(lambda work: identity.deactivate_user(work, second))

    with pytest.raises(LastAdmin):
        await revoke(system, company.user_id("admin"), "admin")


async def test_two_admins_cannot_remove_each_other_at_once(alone: Caller, tenant: Tenant) -> None:
    first, second = tenant.user_id("admin"), await build.user(alone, roles=["admin"])

    answers = await asyncio.gather(
        revoke(alone, first, "admin"), revoke(alone, second, "admin"), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in answers) == ["LastAdmin", "NoneType"]
