"""Sessions: refresh tokens rotate, one used twice ends the session, and a closed session is refused at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.identity import session
from services import identity
from services.identity.errors import RefreshRefused
from tenants.errors import Unauthenticated
from tenants.transactions import SignedOut
from tests.builders import identity as build

if TYPE_CHECKING:
    from services.identity import OpenSession
    from tests.builders.callers import Caller
    from tests.builders.clocks import StandingClock

EMAIL = "anna@demo.example"


@pytest.fixture(name="system")
def in_the_shared_tenant(reception: Caller) -> Caller:
    return reception


async def renew(system: Caller, token: str) -> OpenSession:
    return await identity.refresh(system.anonymous().write, token)


async def is_open(system: Caller, opened: OpenSession) -> bool:
    try:
        await system.as_user(opened).read(identity.me)
    except SignedOut:
        return False
    return True


async def test_refresh_keeps_the_session_and_changes_the_token(system: Caller, clock: StandingClock) -> None:
    await build.user(system, email=EMAIL)
    opened = await build.signed_in(system, email=EMAIL)
    clock.advance(minutes=9)

    renewed = await renew(system, opened.refresh_token)

    assert (renewed.id, renewed.user_id, renewed.issued_at) == (opened.id, opened.user_id, clock.now)
    assert renewed.refresh_token != opened.refresh_token


async def test_refresh_token_used_twice_closes_the_session(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    opened = await build.signed_in(system, email=EMAIL)
    renewed = await renew(system, opened.refresh_token)

    with pytest.raises(RefreshRefused):
        await renew(system, opened.refresh_token)

    assert not await is_open(system, opened)
    with pytest.raises(RefreshRefused):
        await renew(system, renewed.refresh_token)


async def test_theft_is_audited(system: Caller) -> None:
    user_id = await build.user(system, email=EMAIL)
    opened = await build.signed_in(system, email=EMAIL)
    await renew(system, opened.refresh_token)

    with pytest.raises(RefreshRefused):
        await renew(system, opened.refresh_token)

    closed = sa.select(audit_entry.c.record_id, audit_entry.c.body).where(
        audit_entry.c.action == "session.closed", audit_entry.c.record_id == user_id
    )
    (entry,) = await system.read(lambda work: work.session.rows(closed))
    assert entry["record_id"] == user_id
    assert b'"reason":"refresh token used twice"' in entry["body"]


async def test_two_refreshes_at_once_are_a_theft(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    opened = await build.signed_in(system, email=EMAIL)

    answers = await asyncio.gather(*(renew(system, opened.refresh_token) for _ in range(2)), return_exceptions=True)

    assert sorted(type(each).__name__ for each in answers) == ["OpenSession", "RefreshRefused"]
    assert not await is_open(system, opened)


@pytest.mark.parametrize("token", ["", "kzr_unknown", "\x00", "\ud800", "x" * 100_000])
async def test_unknown_refresh_token_closes_nothing(system: Caller, token: str) -> None:
    await build.user(system, email=EMAIL)
    opened = await build.signed_in(system, email=EMAIL)

    with pytest.raises(RefreshRefused):
        await renew(system, token)

    assert await is_open(system, opened)


async def test_refresh_token_ends_with_the_session(system: Caller, clock: StandingClock) -> None:
    await build.user(system, email=EMAIL)
    opened = await build.signed_in(system, email=EMAIL)
    clock.advance(days=31)

    with pytest.raises(RefreshRefused):
        await renew(system, opened.refresh_token)


async def test_refresh_token_of_another_tenant_is_unknown_here(system: Caller, other_system: Caller) -> None:
    await build.user(system, email=EMAIL)
    await build.user(other_system, email=EMAIL)
    opened = await build.signed_in(other_system, email=EMAIL)

    with pytest.raises(RefreshRefused):
        await renew(system, opened.refresh_token)

    assert await is_open(other_system, opened)


async def test_signing_out_closes_this_session_only(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    here, there = [await build.signed_in(system, email=EMAIL) for _ in range(2)]

    closed = await system.as_user(here).write(identity.sign_out)

    assert closed == 1
    assert [await is_open(system, each) for each in (here, there)] == [False, True]


async def test_signing_out_everywhere_closes_all_of_the_callers_sessions(system: Caller) -> None:
    await build.user(system, email=EMAIL)
    here, there = [await build.signed_in(system, email=EMAIL) for _ in range(2)]
    other = await build.caller(system)

    closed = await system.as_user(here).write(lambda work: identity.sign_out(work, everywhere=True))

    assert closed == 2
    assert [await is_open(system, each) for each in (here, there)] == [False, False]
    assert (await other.read(identity.me)).roles == ()


async def test_nobody_cannot_sign_out(system: Caller) -> None:
    with pytest.raises(Unauthenticated):
        await system.anonymous().write(identity.sign_out)


@pytest.mark.parametrize("kind", ["read", "write", "define"])
async def test_closed_session_is_refused_by_every_kind_of_work(system: Caller, kind: str) -> None:
    caller = await build.caller(system, roles=["admin"])
    await caller.write(identity.sign_out)

    with pytest.raises(SignedOut):
        await getattr(caller, kind)(identity.me)


async def test_session_of_somebody_else_is_not_mine(system: Caller) -> None:
    mine, other = await build.caller(system), await build.caller(system)
    assert other.principal.session_id is not None

    with pytest.raises(SignedOut):
        await system.with_session(mine.principal.id, other.principal.session_id).read(identity.me)


async def test_expired_session_is_refused(system: Caller) -> None:
    caller = await build.caller(system)
    past = sa.update(session).where(session.c.id == caller.principal.session_id).values(expires_at=sa.func.now())
    await system.write(lambda work: work.session.execute(past))

    with pytest.raises(SignedOut):
        await caller.read(identity.me)
