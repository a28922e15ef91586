"""What is made for a shape in answer to what callers ask, and kept while the shape lives.

Which fields a caller names decides what is made, so one could have it made for ever: of each shape so much is kept, and then what was
made first makes room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from schema.metadata.registry import Shape

V = TypeVar("V")
_MOST = 256


class ByShape(Generic[V]):
    """Values by shape and key."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Shape, dict[Hashable, V]] = WeakKeyDictionary()

    def get(self, shape: Shape, key: Hashable, make: Callable[[], V]) -> V:
        """The value, made where it is not there."""
        kept = self._kept.setdefault(shape, {})
        found = kept.get(key)
        if found is None:
            found = make()
            if len(kept) >= self._most:
                del kept[next(iter(kept))]
            kept[key] = found
        return found
