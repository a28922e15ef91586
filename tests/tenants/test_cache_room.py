"""Who makes room in a cache: the oldest that was not used."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from tenants.cache_room import oldest


@dataclass
class Entry:
    is_used: bool = False


def test_oldest_that_nobody_used_goes_and_those_before_it_have_another_round() -> None:
    entries = OrderedDict(a=Entry(is_used=True), b=Entry(), c=Entry(is_used=True))

    assert oldest(entries, entries.__getitem__) == "b"
    assert list(entries) == ["b", "c", "a"]
    assert [each.is_used for each in entries.values()] == [False, True, False]


def test_where_all_were_used_the_first_goes_after_a_whole_round() -> None:
    entries = OrderedDict(a=Entry(is_used=True), b=Entry(is_used=True))

    assert oldest(entries, entries.__getitem__) == "a"


def test_order_may_be_another_one_than_that_of_the_entries() -> None:
    entries, order = {"a": Entry(is_used=True), "b": Entry()}, OrderedDict.fromkeys("ab")

    assert oldest(order, entries.__getitem__) == "b"
    assert list(order) == ["b", "a"]
