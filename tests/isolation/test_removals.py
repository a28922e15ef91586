"""The list of locks is true: each stands where it says, once, and the tests that watch it exist."""

from __future__ import annotations

import pytest

from tests.isolation.removal import Removal
from tests.isolation.removals import ALL, ROOT


@pytest.mark.parametrize("removal", ALL, ids=lambda removal: removal.name)
def test_lock_stands_once_where_it_is_looked_for(removal: Removal) -> None:
    text = (ROOT / removal.file).read_text()

    assert text.count(removal.lock) == 1
    assert removal.without != removal.lock
    assert [test for test in removal.tests if not (ROOT / test).exists()] == []


def test_names_of_locks_are_different() -> None:
    names = [removal.name for removal in ALL]

    assert sorted(set(names)) == sorted(names)
