"""New passwords: set by an administrator or changed by their owner; whoever else was signed in is out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from schema.tables.permissions import user
from services import identity
from services.identity.errors import SignInBlocked
from tenants.errors import NotFound, Refused, Unauthenticated
from tenants.transactions import SignedOut
from tests.builders import identity as build
from tests.builders.identity import PASSWORD

if TYPE_CHECKING:
    from tests.builders.callers import Caller

EMAIL, NEW = "anna@demo.example", "another password 2"


@pytest.fixture(name="system")
def in_the_shared_tenant(reception: Caller) -> Caller:
    return reception


async def refusal(caller: Caller, present: str, following: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        await identity.change_password(caller.write, present=present, following=following)
    return [(str(each.path[0]), each.fault.code) for each in refused.value.violations]


async def test_set_password_opens_the_door_and_closes_sessions(system: Caller) -> None:
    caller = await build.caller(system, email=EMAIL)

    await system.define(lambda work: identity.set_password(work, caller.principal.id, NEW))

    with pytest.raises(SignedOut):
        await caller.read(identity.me)
    assert (await build.signed_in(system, email=EMAIL, password=NEW)).user_id == caller.principal.id


async def test_password_of_an_unknown_user_is_not_found(system: Caller) -> None:
    with pytest.raises(NotFound):
        await system.define(lambda work: identity.set_password(work, uuid4(), NEW))


async def test_weak_password_is_refused_by_name(system: Caller) -> None:
    caller = await build.caller(system, email=EMAIL)

    with pytest.raises(Refused) as refused:
        await system.define(lambda work: identity.set_password(work, caller.principal.id, EMAIL))

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("password",), "PASSWORD_WEAK")]
    assert await refusal(caller, PASSWORD, "short") == [("newPassword", "PASSWORD_WEAK")]


async def test_changing_keeps_this_session_and_closes_the_others(system: Caller) -> None:
    here = await build.caller(system, email=EMAIL)
    there = system.as_user(await build.signed_in(system, email=EMAIL))

    await identity.change_password(here.write, present=PASSWORD, following=NEW)

    assert (await here.read(identity.me)).email == EMAIL
    with pytest.raises(SignedOut):
        await there.read(identity.me)


async def test_guesses_are_throttled_like_sign_ins(system: Caller) -> None:
    caller = await build.caller(system, email=EMAIL)

    answers = [await refusal(caller, "wrong password", NEW) for _ in range(5)]

    assert answers == [[("currentPassword", "PASSWORD_WRONG")]] * 5
    with pytest.raises(SignInBlocked):
        await identity.change_password(caller.write, present=PASSWORD, following=NEW)


async def test_system_and_nobody_have_no_password_to_change(system: Caller) -> None:
    for caller in (system, system.anonymous()):
        with pytest.raises(Unauthenticated):
            await identity.change_password(caller.write, present=PASSWORD, following=NEW)


async def test_password_is_stored_as_a_hash_only(system: Caller) -> None:
    caller = await build.caller(system, email=EMAIL)

    await identity.change_password(caller.write, present=PASSWORD, following=NEW)

    (row,) = await system.read(lambda work: work.session.rows(sa.select(user).where(user.c.email == EMAIL)))
    assert row["password_hash"].startswith("$argon2id$")
    assert all(NEW not in str(value) for value in row.values())
