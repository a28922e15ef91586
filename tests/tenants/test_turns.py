"""Whose turn it is: few at once, in order, and nobody waits long for those who take their time."""

from __future__ import annotations

import asyncio

import pytest

from tenants.turns import Turns
from tests.builders.clocks import Hours


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def turns(hours: Hours) -> Turns:
    """Two at once; an hour is a moment, so that nothing but the test ends it."""
    return Turns(2, moment_seconds=3600, clock=hours)


async def take(turns: Turns, who: str) -> None:
    if not turns.begin_at_once(who):
        await turns.wait(who)


async def begin(turns: Turns, who: str, begun: list[str]) -> None:
    await take(turns, who)
    begun.append(who)


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_the_others_wait_and_begin_in_order(turns: Turns) -> None:
    begun: list[str] = []
    tasks = [asyncio.ensure_future(begin(turns, who, begun)) for who in "abcd"]

    await settled()
    assert (begun, turns.waiting) == (["a", "b"], 2)
    turns.give_back("b")
    await settled()
    assert begun == ["a", "b", "c"]
    turns.give_back("a")
    await asyncio.gather(*tasks)
    assert (begun, turns.waiting) == (["a", "b", "c", "d"], 0)


async def test_who_comes_later_does_not_overtake(turns: Turns) -> None:
    begun: list[str] = []
    tasks = [asyncio.ensure_future(begin(turns, who, begun)) for who in "abc"]
    await settled()
    turns.give_back("a")

    tasks.append(asyncio.ensure_future(begin(turns, "d", begun)))
    await settled()

    assert begun == ["a", "b", "c"]
    turns.give_back("c")
    await asyncio.gather(*tasks)


async def test_who_takes_longer_than_a_moment_holds_nobody_up(turns: Turns, hours: Hours) -> None:
    await take(turns, "report")
    hours.seconds = 3000
    await take(turns, "page")
    hours.seconds = 3600

    await asyncio.wait_for(take(turns, "next"), 10)

    assert turns.waiting == 0


async def test_who_waits_is_let_in_when_the_moment_is_over() -> None:
    turns = Turns(1, moment_seconds=0.001)
    await take(turns, "report")

    await asyncio.wait_for(asyncio.gather(take(turns, "next"), take(turns, "last")), 10)

    assert turns.waiting == 0


async def test_who_gives_up_waiting_leaves_no_gap(turns: Turns) -> None:
    begun: list[str] = []
    tasks = {who: asyncio.ensure_future(begin(turns, who, begun)) for who in "abcd"}
    await settled()
    tasks["c"].cancel()
    await settled()
    assert turns.waiting == 1

    turns.give_back("a")
    await tasks["d"]

    assert (begun, turns.waiting, tasks["c"].cancelled()) == (["a", "b", "d"], 0, True)


async def test_a_turn_that_comes_too_late_goes_on_to_the_next(turns: Turns) -> None:
    begun: list[str] = []
    tasks = {who: asyncio.ensure_future(begin(turns, who, begun)) for who in "abcd"}
    await settled()

    turns.give_back("a")
    tasks["c"].cancel()
    await tasks["d"]

    assert (begun, tasks["c"].cancelled()) == (["a", "b", "d"], True)


async def test_giving_back_twice_is_giving_back(turns: Turns) -> None:
    await take(turns, "a")
    turns.give_back("a")
    turns.give_back("a")

    await asyncio.wait_for(asyncio.gather(take(turns, "b"), take(turns, "c")), 10)
    assert turns.waiting == 0
