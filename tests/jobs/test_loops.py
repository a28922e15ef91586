"""Again and again: woken at once, patient otherwise, and still there after what passes by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from jobs.loops import first_of, repeat
from tenants.clock import monotonic
from tenants.errors import Unavailable

NEVER = 3600.0


class Turns:
    """Takes turns as it was told, and stops after the last."""

    def __init__(self, *outcomes: int | Exception) -> None:
        self.outcomes = list(outcomes)
        self.taken = 0
        self.stop, self.wake = asyncio.Event(), asyncio.Event()
        self.before_waiting: Callable[[], None] = lambda: None

    async def take(self) -> int:
        outcome = self.outcomes[self.taken]
        self.taken += 1
        if self.taken == len(self.outcomes):
            self.stop.set()
        self.before_waiting()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def repeat(self, seconds: float = NEVER) -> int:
        async with asyncio.timeout(5):
            await repeat(self.take, name="test", seconds=seconds, stop=self.stop, wake=self.wake)
        return self.taken


async def test_a_busy_turn_is_followed_at_once() -> None:
    assert await Turns(1, 3, 1, 0).repeat() == 4


async def test_an_idle_turn_waits_for_its_time() -> None:
    assert await Turns(0, 0, 0).repeat(seconds=0.001) == 3


async def test_a_hint_ends_the_waiting() -> None:
    turns = Turns(0, 0, 0)
    turns.before_waiting = turns.wake.set

    assert await turns.repeat() == 3


async def test_what_passes_is_tried_again() -> None:
    assert await Turns(Unavailable(), ConnectionResetError(), 0).repeat(seconds=0.001) == 3


async def test_a_defect_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await Turns(ZeroDivisionError(), 0).repeat()


async def test_a_stopped_loop_takes_no_turn() -> None:
    turns = Turns(1)
    turns.stop.set()

    assert await turns.repeat() == 0


async def test_the_first_event_ends_the_waiting() -> None:
    never, now = asyncio.Event(), asyncio.Event()
    now.set()
    began = monotonic()

    await first_of(never, now, seconds=NEVER)
    await first_of(never, seconds=0.001)

    assert monotonic() - began < 5
