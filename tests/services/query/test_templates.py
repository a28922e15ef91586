from __future__ import annotations

import pytest

from services.query.templates import Bounded


def test_the_entry_used_longest_ago_leaves_first() -> None:
    cache: Bounded[int] = Bounded(2)
    for key in ("a", "b", "a", "c"):
        cache.get_or_make(key, lambda: 1)

    made = [key for key in ("c", "a", "b") if cache.get_or_make(key, lambda: 2) == 2]

    assert made == ["b"]
    assert len(cache) == 2


def test_what_cannot_be_made_leaves_nothing() -> None:
    cache: Bounded[int] = Bounded(2)

    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("a", lambda: 1 // 0)

    assert len(cache) == 0
