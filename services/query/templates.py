"""What the compiler has already done: bound plans and statements by shape, texts by tenant. All bounded.

Keys hold shapes, fingerprints and plans, never a tenant's value; texts hold a tenant's physical names and are kept by
its metadata version.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from services.query.binder import BoundPlan
from tenants.sql import Template

T = TypeVar("T")
PLANS = 2048
STATEMENTS = 4096


class Bounded(Generic[T]):
    """The most recently used entries."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[Hashable, T] = OrderedDict()

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """The entry, made now if it is not there; what cannot be made leaves none."""
        if key in self._entries:
            self._entries.move_to_end(key)
            return self._entries[key]
        made = make()
        self._entries[key] = made
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)
        return made

    def __len__(self) -> int:
        return len(self._entries)


bound_plans: Bounded[BoundPlan] = Bounded(PLANS)
statements: Bounded[Template] = Bounded(STATEMENTS)
