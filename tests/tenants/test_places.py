"""So many places, the others wait in order, and nobody's place is lost."""

from __future__ import annotations

import asyncio

import pytest

from tenants.places import Places

LONG = 3600.0


@pytest.fixture
def places() -> Places:
    """Two, both taken."""
    made = Places(2)
    made.take()
    made.take()
    return made


async def take(places: Places, who: str, served: list[str]) -> None:
    await places.wait(LONG)
    served.append(who)


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(3):
        await asyncio.sleep(0)


def test_what_is_given_back_is_free(places: Places) -> None:
    assert (places.taken, places.is_free) == (2, False)

    places.give_back()

    assert (places.taken, places.is_free) == (1, True)


async def test_those_who_wait_are_served_in_order_and_nobody_comes_in_between(places: Places) -> None:
    served: list[str] = []
    tasks = [asyncio.ensure_future(take(places, who, served)) for who in "ab"]
    await settled()

    places.give_back()
    assert (places.taken, places.is_free) == (2, False)
    await settled()
    assert served == ["a"]

    places.give_back()
    await asyncio.gather(*tasks)
    assert (served, places.taken) == (["a", "b"], 2)


async def test_who_waits_too_long_leaves_no_gap(places: Places) -> None:
    with pytest.raises(TimeoutError):
        await places.wait(0.001)
    places.give_back()

    assert (places.taken, places.is_free) == (1, True)


async def test_who_goes_away_leaves_its_turn_to_the_next(places: Places) -> None:
    served: list[str] = []
    first, second = (asyncio.ensure_future(take(places, who, served)) for who in "ab")
    await settled()

    first.cancel()
    await settled()
    places.give_back()
    await asyncio.wait_for(second, 10)

    assert (served, places.taken) == (["b"], 2)


async def test_a_place_that_comes_to_who_goes_away_is_given_back(places: Places) -> None:
    served: list[str] = []
    first, second = (asyncio.ensure_future(take(places, who, served)) for who in "ab")
    await settled()

    places.give_back()
    first.cancel()
    await asyncio.wait_for(second, 10)

    assert (served, places.taken) == (["b"], 2)
    places.give_back()
    places.give_back()
    assert places.taken == 0
