"""The list of locks is true: each stands where it says, once, and the tests that watch it exist."""

from __future__ import annotations

import ast

import pytest

from tests.isolation.removal import Removal
from tests.isolation.removals import ALL, ROOT


@pytest.mark.parametrize("removal", ALL, ids=lambda removal: removal.name)
def test_lock_stands_once_where_it_is_looked_for(removal: Removal) -> None:
    text = (ROOT / removal.file).read_text()

    assert text.count(removal.lock) == 1
    assert removal.without != removal.lock
    assert [test for test in removal.tests if not (ROOT / test).exists()] == []


@pytest.mark.parametrize(
    "removal", [each for each in ALL if each.file.endswith(".py")], ids=lambda removal: removal.name
)
def test_program_without_the_lock_is_still_one(removal: Removal) -> None:
    text = (ROOT / removal.file).read_text().replace(removal.lock, removal.without)

    assert isinstance(ast.parse(text), ast.Module)


def test_names_of_locks_are_different() -> None:
    names = [removal.name for removal in ALL]

    assert sorted(set(names)) == sorted(names)
