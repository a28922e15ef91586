"""The cache of tenant data: bounded for the process and for each tenant."""

from __future__ import annotations

from uuid import UUID

from tenants.cache import TenantCache
from tenants.context import TenantId, Versions

ONE, TWO = TenantId(UUID(int=1)), TenantId(UUID(int=2))


def test_entry_is_found_by_tenant_kind_and_key() -> None:
    cache = TenantCache()
    cache.put(str, ONE, 1, "registry")

    assert cache.get(str, ONE, 1) == "registry"
    assert (cache.get(str, TWO, 1), cache.get(str, ONE, 2), cache.get(int, ONE, 1)) == (None, None, None)


def test_tenant_fills_at_most_an_eighth() -> None:
    cache = TenantCache(capacity=16)
    for key in range(5):
        cache.put(str, ONE, key, str(key))
    cache.put(str, TWO, 0, "other")

    assert [cache.get(str, ONE, key) for key in range(5)] == [None, None, None, "3", "4"]
    assert cache.get(str, TWO, 0) == "other"


def test_the_entry_used_longest_ago_leaves_first() -> None:
    cache = TenantCache(capacity=16)
    cache.put(str, ONE, 1, "one")
    cache.put(str, ONE, 2, "two")
    cache.get(str, ONE, 1)
    cache.put(str, ONE, 3, "three")

    assert [cache.get(str, ONE, key) for key in (1, 2, 3)] == ["one", None, "three"]


def test_process_holds_no_more_than_its_capacity() -> None:
    cache = TenantCache(capacity=4)
    for number in range(10):
        cache.put(str, TenantId(UUID(int=number)), 0, "entry")

    assert len(cache) == 4


def test_entries_are_bounded_by_what_they_weigh() -> None:
    cache = TenantCache(capacity=80)

    cache.put(str, ONE, "heavy", "heavy", weight=9)
    cache.put(str, ONE, "too heavy", "too heavy", weight=11)
    cache.put(str, ONE, "light", "light", weight=2)

    assert [cache.get(str, ONE, key) for key in ("heavy", "too heavy", "light")] == [None, None, "light"]
    assert (len(cache), cache.weight) == (1, 2)


def test_replaced_entry_counts_once() -> None:
    cache = TenantCache(capacity=80)
    cache.put(str, ONE, "key", "old", weight=5)
    cache.put(str, ONE, "key", "new", weight=3)

    assert (cache.get(str, ONE, "key"), len(cache), cache.weight) == ("new", 1, 3)


def test_versions_are_remembered_until_they_move() -> None:
    cache = TenantCache()
    cache.remember(ONE, Versions(2, 3))

    assert (cache.versions(ONE), cache.versions(TWO)) == (Versions(2, 3), None)
    cache.forget(ONE)
    cache.forget(TWO)
    assert cache.versions(ONE) is None
