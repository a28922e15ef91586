"""Signing in: the right password, everything else alike, and the throttle that counts each attempt."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, TypeVar

import pytest
import sqlalchemy as sa
from pwdlib.hashers.argon2 import Argon2Hasher

from schema.tables.audit import audit_entry
from schema.tables.identity import refresh_token, session, sign_in_failure
from schema.tables.permissions import user as user_table
from services import identity
from services.identity import passwords, throttle
from services.identity.errors import SignInBlocked, SignInRefused
from tests.builders import identity as build
from tests.builders.identity import PASSWORD, TOKENS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import asyncpg

    from tenants.context import Work
    from tests.builders.callers import Caller
    from tests.builders.clocks import StandingClock

T = TypeVar("T")

EMAIL = "anna@demo.example"


@pytest.fixture(name="system")
def in_the_shared_tenant(reception: Caller) -> Caller:
    return reception


async def rows(caller: Caller, query: sa.Executable) -> list[asyncpg.Record]:
    return await caller.read(lambda work: work.session.rows(query))


async def attempt(caller: Caller, email: str, password: str) -> str:
    try:
        await identity.sign_in(caller.write, TOKENS, email=email, password=password)
    except (SignInRefused, SignInBlocked) as fault:
        return fault.code
    return "OPENED"


@pytest.mark.parametrize("email", [EMAIL, " Anna@DEMO.example ", "ａnna@demo.example"])
async def test_right_password_opens_a_session(system: Caller, clock: StandingClock, email: str) -> None:
    user_id = await build.user(system, email=EMAIL, zone="Asia/Tokyo")

    opened = await identity.sign_in(system.anonymous().write, TOKENS, email=email, password=PASSWORD)

    (stored,) = await rows(system, sa.select(session).where(session.c.id == opened.id))
    assert (opened.user_id, opened.zone, opened.issued_at) == (user_id, "Asia/Tokyo", clock.now)
    assert (stored["id"], stored["user_id"], stored["closed_at"]) == (opened.id, user_id, None)
    assert (stored["expires_at"] - clock.now).days == 30
    assert (stored["address"], stored["agent"]) == ("192.0.2.1", "pytest")


async def test_refresh_token_is_stored_as_a_hash_only(system: Caller) -> None:
    await build.user(system, email=EMAIL)

    opened = await build.signed_in(system, email=EMAIL)

    (stored,) = await rows(system, sa.select(refresh_token).where(refresh_token.c.session_id == opened.id))
    assert opened.refresh_token.startswith("kzr_")
    assert stored["hash"] == hashlib.sha256(opened.refresh_token.encode()).digest()


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong password"),
        ("nobody@demo.example", PASSWORD),
        ("without.password@demo.example", PASSWORD),
        ("inactive@demo.example", PASSWORD),
        (EMAIL, ""),
        ("", ""),
        ("anna@demo.example\x00", PASSWORD),
        ("\ud800", PASSWORD),
        ("a" * 100_000, PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ],
    ids=["wrong", "nobody", "no password", "inactive", "empty", "all empty", "NUL", "surrogate", "long", "SQL"],
)
async def test_everything_else_is_refused_alike(system: Caller, email: str, password: str) -> None:
    await build.user(system, email=EMAIL)
    await build.user(system, email="without.password@demo.example", password=None)
    inactive = await build.user(system, email="inactive@demo.example")
    await system.define(lambda work: identity.deactivate_user(work, inactive))

    before = await rows(system, sa.select(session.c.id))

    assert await attempt(system.anonymous(), email, password) == "SIGN_IN_REFUSED"
    assert await rows(system, sa.select(session.c.id)) == before


async def test_refusals_are_audited_with_the_user_they_were_aimed_at(system: Caller, clock: StandingClock) -> None:
    user_id = await build.user(system, email=EMAIL)

    await attempt(system.anonymous(), EMAIL, "wrong password")
    await attempt(system.anonymous(), "nobody@demo.example", "wrong password")

    refused = sa.select(audit_entry).where(
        audit_entry.c.action == "session.refused", audit_entry.c.created_at == clock.now
    )
    found = await rows(system, refused.order_by(audit_entry.c.id))
    assert [(row["record_id"], row["principal_kind"], row["address"], row["agent"]) for row in found] == [
        (user_id, "anonymous", "192.0.2.1", "pytest"),
        (None, "anonymous", "192.0.2.1", "pytest"),
    ]
    assert all(b"wrong password" not in row["body"] for row in found)


async def test_sixth_attempt_is_blocked_even_with_the_right_password(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    stranger = system.anonymous()

    answers = [await attempt(stranger, EMAIL, "wrong password") for _ in range(5)]

    assert answers == ["SIGN_IN_REFUSED"] * 5
    assert await attempt(stranger, EMAIL, PASSWORD) == "SIGN_IN_BLOCKED"


async def test_a_block_is_told_when_it_begins_and_not_at_each_attempt_in_it(
    system: Caller, clock: StandingClock
) -> None:
    user_id = await build.user(system, email=EMAIL)
    began = sa.select(audit_entry).where(
        audit_entry.c.action == "session.blocked", audit_entry.c.created_at == clock.now
    )

    for _ in range(4):
        await attempt(system.anonymous(), EMAIL, "wrong password")
    before = await rows(system, began)
    for _ in range(9):
        await attempt(system.anonymous(), EMAIL, "wrong password")

    assert before == []
    (told,) = await rows(system, began)
    assert (told["record_id"], told["principal_kind"], told["address"]) == (user_id, "anonymous", "192.0.2.1")
    assert json.loads(told["body"])["details"] == {"by": "mail", "seconds": 30}


async def test_unknown_address_is_blocked_just_as_soon(system: Caller) -> None:
    answers = [await attempt(system.anonymous(), "nobody@demo.example", "x") for _ in range(7)]

    assert answers == ["SIGN_IN_REFUSED"] * 5 + ["SIGN_IN_BLOCKED"] * 2


async def test_block_says_how_long_and_ends(system: Caller, clock: StandingClock) -> None:
    await build.user(system, email=EMAIL)
    for _ in range(5):
        await attempt(system.anonymous(), EMAIL, "wrong password")
    clock.advance(seconds=10)

    with pytest.raises(SignInBlocked) as blocked:
        await identity.sign_in(system.anonymous().write, TOKENS, email=EMAIL, password=PASSWORD)
    assert blocked.value.message("en") == "Too many failed sign-ins; try again in 20 seconds."
    clock.advance(seconds=20)
    assert await attempt(system.anonymous(), EMAIL, PASSWORD) == "OPENED"


async def test_twenty_attempts_at_once_are_twenty_attempts(system: Caller) -> None:
    await build.user(system, email=EMAIL)

    answers = await asyncio.gather(*(attempt(system.anonymous(), EMAIL, "wrong") for _ in range(20)))

    assert sorted(answers) == ["SIGN_IN_BLOCKED"] * 15 + ["SIGN_IN_REFUSED"] * 5


async def test_block_of_one_address_leaves_other_users_alone(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    for _ in range(6):
        await attempt(system.anonymous(), "nobody@demo.example", "x")

    assert await attempt(system.anonymous(), EMAIL, PASSWORD) == "OPENED"


async def test_network_address_is_blocked_over_many_mail_addresses(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    stranger = system.anonymous("198.51.100.7")
    for number in range(throttle.PER_ADDRESS.attempts):
        mail = f"{number}@demo.example"
        await stranger.write(lambda work: throttle.count_attempt(work, mail))  # noqa: B023 - awaited at once

    assert await attempt(stranger, EMAIL, PASSWORD) == "SIGN_IN_BLOCKED"
    assert await attempt(system.anonymous("203.0.113.9"), EMAIL, PASSWORD) == "OPENED"


async def test_success_forgets_the_failures_of_the_mail_address(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    for _ in range(4):
        await attempt(system.anonymous(), EMAIL, "wrong password")

    await build.signed_in(system, email=EMAIL)

    (left,) = await rows(system, sa.select(sign_in_failure.c.failures, sign_in_failure.c.blocked_until))
    assert tuple(left) == (4, None)


async def test_failures_are_forgotten_after_an_hour(system: Caller, clock: StandingClock) -> None:
    await build.user(system, email=EMAIL)
    for _ in range(4):
        await attempt(system.anonymous(), EMAIL, "wrong password")
    clock.advance(minutes=61)

    answers = [await attempt(system.anonymous(), EMAIL, "wrong password") for _ in range(6)]

    assert answers == ["SIGN_IN_REFUSED"] * 5 + ["SIGN_IN_BLOCKED"]


async def test_throttle_of_one_tenant_is_not_that_of_another(system: Caller, other_system: Caller) -> None:
    await build.user(system, email=EMAIL)
    await build.user(other_system, email=EMAIL)
    for _ in range(6):
        await attempt(system.anonymous(), EMAIL, "wrong password")

    assert await attempt(other_system.anonymous(), EMAIL, PASSWORD) == "OPENED"


async def test_hash_with_older_parameters_is_renewed_by_signing_in(system: Caller) -> None:
    user_id = await build.user(system, email=EMAIL)
    old = Argon2Hasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD)
    older = sa.update(user_table).where(user_table.c.id == user_id).values(password_hash=old)
    await system.write(lambda work: work.session.execute(older))

    await build.signed_in(system, email=EMAIL)

    (stored,) = await rows(system, sa.select(user_table.c.password_hash).where(user_table.c.id == user_id))
    assert not passwords.is_outdated(stored[0])
    assert await passwords.verify(PASSWORD, stored[0])


async def test_who_takes_a_password_away_waits_for_the_session_that_it_opens(system: Caller) -> None:
    """Otherwise he would close the sessions that he sees, and this one would stay open."""
    user_id = await build.user(system, email=EMAIL)
    taken = sa.select(user_table.c.id).where(user_table.c.id == user_id)
    left: list[int] = []

    async def write(verb: Callable[[Work], Awaitable[T]]) -> T:
        async def looked_at(work: Work) -> T:
            done = await verb(work)
            free = taken.with_for_update(key_share=True, skip_locked=True)
            left.append(len(await system.write(lambda other: other.session.rows(free))))
            return done

        return await system.anonymous().write(looked_at)

    await identity.sign_in(write, TOKENS, email=EMAIL, password=PASSWORD)

    assert left == [1, 0]
