"""Who makes room in a bounded cache: the oldest entry that nobody used since it was last looked at.

Noting a use is one write of a look-up; keeping an order of uses would cost it far more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections import OrderedDict
    from collections.abc import Callable

K = TypeVar("K")
V = TypeVar("V")


class Used(Protocol):
    """An entry on which a use is noted."""

    is_used: bool


def oldest(order: OrderedDict[K, V], entry_of: Callable[[K], Used]) -> K:
    """The first that was not used; those before it that were stay for another round."""
    while (entry := entry_of(key := next(iter(order)))).is_used:
        entry.is_used = False
        order.move_to_end(key)
    return key
