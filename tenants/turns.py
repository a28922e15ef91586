"""Whose turn it is at one cell: few units of work are there at once, and the others wait, but never for slow ones.

A backend that has just answered has its plans and pages in the caches of its core; many that are asked in turns push each
other out, and each takes longer (decision 0022). So the next one waits until one of the few is done. Whoever is not done
within a moment is no longer counted: a long report or a lock holds up the next in the queue for that moment, and no more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from tenants.clock import monotonic

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.clock import Monotonic

_MOMENT = 0.005


class Turns:
    """Those at work who have just begun, at most `few`, and those who wait, in the order in which they came."""

    def __init__(self, few: int, *, moment_seconds: float = _MOMENT, clock: Monotonic = monotonic) -> None:
        self._few = few
        self._moment = moment_seconds
        self._clock = clock
        # Since when, the oldest first.
        self._begun: dict[Hashable, float] = {}
        self._waiting: deque[tuple[Hashable, asyncio.Future[None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(not turn.done() for _, turn in self._waiting)

    def begin_at_once(self, who: Hashable) -> bool:
        """Take a turn, if there is one now; whether there was. Whoever has got one gives it back, also if nothing came of it."""
        if len(self._begun) >= self._few:
            self._let_in()
            if len(self._begun) >= self._few:
                return False
        self._begun[who] = self._clock()
        return True

    def give_back(self, who: Hashable) -> None:
        """Done; the next one may begin."""
        self._begun.pop(who, None)
        if self._waiting:
            self._let_in()

    async def wait(self, who: Hashable) -> None:
        """Take a turn when those before it have had theirs; for who could not begin at once."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((who, turn))
        self._watch()
        try:
            await turn
        except asyncio.CancelledError:
            # It may have come just now.
            self.give_back(who)
            raise

    def _let_in(self) -> None:
        now = self._clock()
        for who in [who for who, since in self._begun.items() if now - since >= self._moment]:
            del self._begun[who]
        while self._waiting and len(self._begun) < self._few:
            who, turn = self._waiting.popleft()
            if not turn.done():
                self._begun[who] = now
                turn.set_result(None)

    def _watch(self) -> None:
        """Look again when the moment of the oldest is over; one timer serves all who wait."""
        if self._timer is None:
            left = next(iter(self._begun.values())) + self._moment - self._clock()
            self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._look)

    def _look(self) -> None:
        self._timer = None
        self._let_in()
        if self._waiting:
            self._watch()
