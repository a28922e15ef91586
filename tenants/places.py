"""Places: so many may be taken at once, and who finds none waits for one, in order and not for ever.

`asyncio.Semaphore` does the same, but also who need not wait is a coroutine there, and its place is asked for in two calls.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress


class Places:
    """Those of one process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def taken(self) -> int:
        """How many are taken."""
        return self._taken

    @property
    def is_free(self) -> bool:
        """Whether nobody who comes now has to wait."""
        return self._taken < self._most

    def take(self) -> None:
        """Take one that is free."""
        assert self._taken < self._most
        self._taken += 1

    def give_back(self) -> None:
        """Leave it to the first who waits, or free."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        assert self._taken > 0
        self._taken -= 1

    async def wait(self, seconds: float) -> None:
        """Take one as soon as it is free; `TimeoutError` if that takes longer."""
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(seconds):
                await place
        except BaseException:
            if place.done() and not place.cancelled():
                # It came just now.
                self.give_back()
            else:
                with suppress(ValueError):
                    self._waiting.remove(place)
            raise
