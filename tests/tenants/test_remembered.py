"""A bounded memory with an age."""

from __future__ import annotations

from tenants.remembered import Remembered
from tests.builders.clocks import Hours


def test_entry_is_forgotten_when_it_is_old() -> None:
    clock = Hours()
    memory: Remembered[str, int] = Remembered(capacity=10, seconds=5, monotonic=clock)

    assert memory.put("a", 1) == 1
    clock.seconds = 4.9
    assert memory.get("a") == 1
    clock.seconds = 5
    assert memory.get("a") is None
    assert len(memory) == 0


def test_the_one_used_longest_ago_makes_room() -> None:
    memory: Remembered[str, int] = Remembered(capacity=2, seconds=5, monotonic=Hours())
    memory.put("a", 1)
    memory.put("b", 2)
    memory.get("a")
    memory.put("c", 3)

    assert [memory.get(key) for key in ("a", "b", "c")] == [1, None, 3]


def test_entries_can_be_dropped() -> None:
    memory: Remembered[str, int] = Remembered(capacity=3, seconds=5, monotonic=Hours())
    for key in ("a", "b", "c"):
        memory.put(key, 0)
    memory.forget("a")
    memory.forget("never there")

    assert len(memory) == 2
    memory.clear()
    assert len(memory) == 0
