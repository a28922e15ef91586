"""Users are taken on, changed and locked out by those who may define; everything wrong is said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from schema.metadata.errors import VersionConflict
from schema.tables.audit import audit_entry
from schema.tables.metadata import state
from schema.tables.permissions import role_member, user
from services import identity
from services.identity.errors import LastAdmin
from tenants.errors import Forbidden, NotFound, Refused
from tenants.transactions import SignedOut
from tests.builders import identity as build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    import asyncpg

    from tests.builders.callers import Caller
    from tests.builders.tenants import Tenant

NEW = {
    "email": "New.One@Demo.example",
    "name": " 欧阳　小明 ",
    "phone": "１３８ ００１３ ８０００",
    "zone": "Asia/Urumqi",
}


async def stored(system: Caller, user_id: UUID) -> asyncpg.Record:
    query = sa.select(user).where(user.c.id == user_id)
    (row,) = await system.read(lambda work: work.session.rows(query))
    return row


async def access_version(system: Caller) -> int:
    found = await system.read(lambda work: work.session.scalar(sa.select(state.c.access_version)))
    assert isinstance(found, int)
    return found


async def violations(system: Caller, given: Mapping[str, object], password: str | None = None) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        await system.define(lambda work: identity.create_user(work, given, password=password))
    return [(str(each.path[0]), each.fault.code) for each in refused.value.violations]


async def test_new_user_is_stored_in_normal_form(system: Caller) -> None:
    user_id = await system.define(lambda work: identity.create_user(work, NEW))

    row = await stored(system, user_id)
    assert (row["email"], row["name"], row["phone"], row["zone"]) == (
        "new.one@demo.example",
        "欧阳 小明",
        "+8613800138000",
        "Asia/Urumqi",
    )
    assert row["name_sort"].startswith("ou yang")
    assert (row["version"], row["state"], row["password_hash"]) == (1, "active", None)


async def test_everything_wrong_with_a_new_user_is_said_at_once(system: Caller) -> None:
    given = {
        "email": "not a mail",
        "name": "  ",
        "phone": "12",
        "departmentId": uuid4(),
        "language": "fr",
        "zone": "Mars/Olympus",
    }

    assert await violations(system, given, password="short") == [
        ("email", "NOT_AN_EMAIL"),
        ("name", "REQUIRED"),
        ("phone", "NOT_A_PHONE"),
        ("language", "UNKNOWN_CHOICE"),
        ("departmentId", "RELATION_NOT_FOUND"),
        ("zone", "UNKNOWN_ZONE"),
        ("password", "PASSWORD_WEAK"),
    ]


async def test_mail_address_belongs_to_one_user(system: Caller) -> None:
    await system.define(lambda work: identity.create_user(work, {**NEW, "email": "taken@demo.example"}))

    assert await violations(system, {**NEW, "email": "TAKEN@demo.example"}) == [("email", "UNIQUE_TAKEN")]


async def test_refused_user_leaves_nothing(system: Caller) -> None:
    version = await access_version(system)
    count = sa.select(sa.func.count()).select_from(user)
    before = await system.read(lambda work: work.session.scalar(count))

    await violations(system, {"email": "x@demo.example", "name": "X"}, password="short")

    assert await system.read(lambda work: work.session.scalar(count)) == before
    assert await access_version(system) == version


async def test_unknown_roles_are_named_with_everything_else(system: Caller) -> None:
    admin = await build.role_id(system, "admin")
    given = {**NEW, "email": "unwanted@demo.example", "zone": "Mars/Olympus"}

    with pytest.raises(Refused) as refused:
        await system.define(
            lambda work: identity.create_user(work, given, password="short", role_ids=[admin, "42", str(uuid4())])
        )

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [
        (("zone",), "UNKNOWN_ZONE"),
        (("roleIds", 1), "NOT_AN_ID"),
        (("roleIds", 2), "RELATION_NOT_FOUND"),
        (("password",), "PASSWORD_WEAK"),
    ]
    mine = sa.select(user.c.id).where(user.c.email == "unwanted@demo.example")
    assert await system.read(lambda work: work.session.scalar(mine)) is None


def test_what_needs_no_tenant_is_told_before_there_is_one() -> None:
    wrong = identity.unfit({"email": "no address", "name": "Boss", "language": "fr", "zone": "Mars/Olympus"})

    assert [(each.path, each.fault.code) for each in wrong] == [
        (("email",), "NOT_AN_EMAIL"),
        (("language",), "UNKNOWN_CHOICE"),
        (("zone",), "UNKNOWN_ZONE"),
    ]
    assert identity.unfit(NEW) == []


async def test_missing_is_untouched_and_null_is_cleared(system: Caller) -> None:
    user_id = await system.define(
        lambda work: identity.create_user(work, {**NEW, "email": "cleared@demo.example", "title": "经理"})
    )

    await system.define(lambda work: identity.update_user(work, user_id, {"phone": None, "name": "张三"}))

    row = await stored(system, user_id)
    assert (row["phone"], row["title"], row["name"], row["name_sort"]) == (None, "经理", "张三", "zhang san")
    assert row["version"] == 2


async def test_required_value_cannot_be_cleared(system: Caller) -> None:
    user_id = await build.user(system)

    with pytest.raises(Refused) as refused:
        await system.define(lambda work: identity.update_user(work, user_id, {"email": None, "name": ""}))

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [
        (("email",), "REQUIRED"),
        (("name",), "REQUIRED"),
    ]


async def test_outdated_version_is_a_conflict(system: Caller) -> None:
    user_id = await build.user(system)
    await system.define(lambda work: identity.update_user(work, user_id, {"title": "A"}, if_version=1))

    with pytest.raises(VersionConflict) as conflict:
        await system.define(lambda work: identity.update_user(work, user_id, {"title": "B"}, if_version=1))

    assert conflict.value.details == {"version": 2}


@pytest.mark.parametrize("name", ["update_user", "deactivate_user", "reactivate_user"])
async def test_unknown_user_is_not_found(system: Caller, name: str) -> None:
    arguments = [{"title": "A"}] if name == "update_user" else []

    with pytest.raises(NotFound):
        await system.define(lambda work: getattr(identity, name)(work, uuid4(), *arguments))


async def test_deactivation_closes_every_session_at_once(system: Caller) -> None:
    caller = await build.caller(system)

    await system.define(lambda work: identity.deactivate_user(work, caller.principal.id))

    with pytest.raises(SignedOut):
        await caller.read(identity.me)


async def test_reactivated_user_signs_in_anew(system: Caller) -> None:
    caller = await build.caller(system, email="anna@demo.example")
    await system.define(lambda work: identity.deactivate_user(work, caller.principal.id))

    await system.define(lambda work: identity.reactivate_user(work, caller.principal.id))

    with pytest.raises(SignedOut):
        await caller.read(identity.me)
    opened = await build.signed_in(system, email="anna@demo.example")
    assert opened.user_id == caller.principal.id


async def test_last_admin_stays(system: Caller, company: Tenant) -> None:
    with pytest.raises(LastAdmin):
        await system.define(lambda work: identity.deactivate_user(work, company.user_id("admin")))

    assert (await stored(system, company.user_id("admin")))["state"] == "active"


async def test_one_of_two_admins_may_go(alone: Caller, tenant: Tenant) -> None:
    await build.user(alone, roles=["admin"])

    await alone.define(lambda work: identity.deactivate_user(work, tenant.user_id("admin")))

    assert (await stored(alone, tenant.user_id("admin")))["state"] == "inactive"


async def test_each_change_moves_the_access_version_by_one_and_is_audited(system: Caller) -> None:
    before, given = await access_version(system), {**NEW, "email": "changing@demo.example"}

    user_id = await system.define(lambda work: identity.create_user(work, given, password="a new password"))
    await system.define(lambda work: identity.update_user(work, user_id, {"title": "经理"}))
    await system.define(lambda work: identity.deactivate_user(work, user_id))

    assert await access_version(system) == before + 3
    query = sa.select(audit_entry.c.action, audit_entry.c.body).where(audit_entry.c.record_id == user_id)
    entries = await system.read(lambda work: work.session.rows(query.order_by(audit_entry.c.id)))
    assert [row["action"] for row in entries] == ["user.created", "user.updated", "user.deactivated"]
    assert all(b"a new password" not in row["body"] and b"argon2" not in row["body"] for row in entries)


@pytest.mark.parametrize("person", ["director", "manager", "sales", "service", "finance"])
async def test_only_an_admin_changes_users(company: Tenant, system: Caller, person: str) -> None:
    sales, members = company.user_id("sales"), sa.select(sa.func.count()).select_from(role_member)
    admin = await build.role_id(system, "admin")
    before = await access_version(system), await company.read(lambda work: work.session.scalar(members))

    for verb in (
        lambda work: identity.create_user(work, NEW),
        lambda work: identity.update_user(work, sales, {"name": "X"}),
        lambda work: identity.deactivate_user(work, sales),
        lambda work: identity.reactivate_user(work, sales),
        lambda work: identity.set_password(work, sales, "a new password"),
        lambda work: identity.assign_role(work, user_id=sales, role_id=admin),
        lambda work: identity.revoke_role(work, user_id=company.user_id("admin"), role_id=admin),
        lambda work: identity.create_department(work, {"name": "X"}),
    ):
        with pytest.raises(Forbidden):
            await company.define(verb, person=person)

    after = await access_version(system), await company.read(lambda work: work.session.scalar(members))
    assert after == before
