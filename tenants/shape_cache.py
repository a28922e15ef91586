"""A bounded cache of shapes: parsed documents, validations, schemas, plans. Its entries hold no value of a tenant.

A tenant may fill at most an eighth of it, so that nobody's odd queries push out everybody else's.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from tenants.cache_metrics import CACHES
from tenants.cache_room import oldest

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.context import TenantId

V = TypeVar("V")


@dataclass(slots=True, eq=False)
class _Entry(Generic[V]):
    by: TenantId
    weight: int
    value: V
    is_used: bool = False


@dataclass(slots=True)
class _Filled:
    """What one tenant keeps here, in the order in which it makes room."""

    keys: OrderedDict[Hashable, None] = field(default_factory=OrderedDict)
    weight: int = 0


class ShapeCache(Generic[V]):
    """The oldest entry that nobody used leaves first; the tenant that fills more than its share pushes out its own.

    Capacity is counted in weights; an entry weighs one unless it is said to weigh more. `name` is that of its numbers
    at `/metrics`.
    """

    def __init__(self, name: str, capacity: int) -> None:
        self._capacity = capacity
        self._share = max(1, capacity // 8)
        self._tally = CACHES.tally(name, self)
        self._weight = 0
        self._entries: OrderedDict[Hashable, _Entry[V]] = OrderedDict()
        self._filled: dict[TenantId, _Filled] = {}

    def get(self, key: Hashable) -> V | None:
        """The entry, if it is still here."""
        try:
            # As in `tenants.cache`: nearly always it is there.
            found = self._entries[key]
        except KeyError:
            self._tally.misses += 1
            return None
        self._tally.hits += 1
        found.is_used = True
        return found.value

    def put(self, key: Hashable, value: V, *, by: TenantId, weight: int = 1) -> V:
        """Keep what this tenant's request made; not if it weighs more than a tenant may fill."""
        if key in self._entries:
            self._drop(key)
        if weight > self._share:
            return value
        while (filled := self._filled.get(by)) is not None and filled.weight + weight > self._share:
            self._evict(oldest(filled.keys, self._entries.__getitem__))
        while self._weight + weight > self._capacity:
            self._evict(oldest(self._entries, self._entries.__getitem__))
        self._entries[key] = _Entry(by, weight, value)
        self._weight += weight
        mine = self._filled.setdefault(by, _Filled())
        mine.keys[key] = None
        mine.weight += weight
        return value

    def weigh(self, key: Hashable, value: V, weight: int) -> bool:
        """Let a value weigh what it has grown to; false if it is not here, or weighs more than a tenant may fill by now.

        It stays with the tenant that put it here, whoever made it grow: who only uses what he shares pays nothing for it.
        """
        entry = self._entries.get(key)
        if entry is None or entry.value is not value:
            return False
        if weight == entry.weight:
            return True
        if weight > self._share:
            self._evict(key)
            return False
        self._weight += weight - entry.weight
        self._filled[entry.by].weight += weight - entry.weight
        entry.weight = weight
        while self._weight > self._capacity:
            entry.is_used = True
            self._evict(oldest(self._entries, self._entries.__getitem__))
        return key in self._entries

    @property
    def weight(self) -> int:
        """What all entries weigh."""
        return self._weight

    def __len__(self) -> int:
        return len(self._entries)

    def _evict(self, key: Hashable) -> None:
        self._tally.evictions += 1
        self._drop(key)

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key)
        self._weight -= entry.weight
        mine = self._filled[entry.by]
        del mine.keys[key]
        mine.weight -= entry.weight
        if not mine.keys:
            del self._filled[entry.by]
