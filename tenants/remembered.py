"""A bounded memory with an age: what was read from the catalog is kept for a short time only."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.clock import Monotonic

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Entries are forgotten after `seconds`; above `capacity` the ones used longest ago leave first."""

    def __init__(self, *, capacity: int, seconds: float, monotonic: Monotonic) -> None:
        self._capacity = capacity
        self._seconds = seconds
        self._monotonic = monotonic
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The entry, if it is young enough."""
        found = self._entries.get(key)
        if found is None:
            return None
        until, entry = found
        if until <= self._monotonic():
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry

    def put(self, key: K, entry: V) -> V:
        """Keep an entry, and answer it."""
        self._entries[key] = (self._monotonic() + self._seconds, entry)
        self._entries.move_to_end(key)
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)
        return entry

    def forget(self, key: K) -> None:
        """Drop one entry."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Drop all."""
        self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)
