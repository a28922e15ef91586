"""A bounded cache of shapes: parsed documents, validations, schemas, plans. Its entries hold no value of a tenant.

A tenant may fill at most an eighth of it, so that nobody's odd queries push out everybody else's.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.context import TenantId

V = TypeVar("V")


class ShapeCache(Generic[V]):
    """Least recently used entries leave first; the tenant that fills more than its share pushes out its own."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._share = max(1, capacity // 8)
        self._entries: OrderedDict[Hashable, tuple[TenantId, V]] = OrderedDict()
        self._filled: dict[TenantId, OrderedDict[Hashable, None]] = {}

    def get(self, key: Hashable) -> V | None:
        """The entry, if it is still here."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        self._filled[found[0]].move_to_end(key)
        return found[1]

    def put(self, key: Hashable, entry: V, *, by: TenantId) -> V:
        """Keep an entry that this tenant's request made."""
        if key in self._entries:
            self._drop(key)
        self._entries[key] = (by, entry)
        mine = self._filled.setdefault(by, OrderedDict())
        mine[key] = None
        if len(mine) > self._share:
            self._drop(next(iter(mine)))
        if len(self._entries) > self._capacity:
            self._drop(next(iter(self._entries)))
        return entry

    def __len__(self) -> int:
        return len(self._entries)

    def _drop(self, key: Hashable) -> None:
        by, _ = self._entries.pop(key)
        mine = self._filled[by]
        del mine[key]
        if not mine:
            del self._filled[by]
