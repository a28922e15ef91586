"""Tokens of sessions that ended long ago go, and failures that count no more; whatever may still matter stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.identity import refresh_token, session, sign_in_failure
from services import identity
from services.identity import throttle
from tests.builders import identity as build

if TYPE_CHECKING:
    from tests.builders.callers import Caller
    from tests.builders.clocks import StandingClock


async def test_tokens_of_long_ended_sessions_go_and_others_stay(system: Caller, clock: StandingClock) -> None:
    ended, signed_in = await build.caller(system), await build.caller(system)
    await ended.write(identity.sign_out)
    of_both = sa.select(refresh_token.c.session_id).where(
        refresh_token.c.session_id.in_([ended.principal.session_id, signed_in.principal.session_id])
    )

    clock.advance(days=29)
    await system.write(identity.forget_old)
    early = len(await system.rows(of_both))
    clock.advance(days=2)
    await system.write(identity.forget_old)

    left = await system.rows(of_both)
    assert (early, [row["session_id"] for row in left]) == (2, [signed_in.principal.session_id])
    kept = sa.select(session.c.id).where(session.c.id == ended.principal.session_id)
    assert await system.scalar(kept) == ended.principal.session_id


async def test_failures_go_when_they_count_no_more(system: Caller, clock: StandingClock) -> None:
    await system.write(lambda work: throttle.count_attempt(work, "anna@demo.example"))
    failures = sa.select(sa.func.count()).select_from(sign_in_failure)

    await system.write(identity.forget_old)
    assert await system.scalar(failures) == 2
    clock.advance(minutes=61)
    assert await system.write(identity.forget_old) == 2
    assert await system.write(identity.forget_old) == 0
