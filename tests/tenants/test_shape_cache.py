from __future__ import annotations

from uuid import UUID

from tenants.context import TenantId
from tenants.shape_cache import ShapeCache

MINE, THEIRS = TenantId(UUID(int=1)), TenantId(UUID(int=2))


def test_entry_is_found_again_by_anyone() -> None:
    cache: ShapeCache[str] = ShapeCache("test", 8)

    assert cache.put("key", "made", by=MINE) == "made"
    assert cache.get("key") == "made"
    assert cache.get("other") is None


def test_a_tenant_pushes_out_its_own_entries_first() -> None:
    """[G10] An eighth of the cache is the most that one tenant may fill."""
    cache: ShapeCache[int] = ShapeCache("test", 16)
    cache.put("theirs", 0, by=THEIRS)

    for number in range(10):
        cache.put(number, number, by=MINE)

    assert [cache.get(number) for number in range(10)] == [None] * 8 + [8, 9]
    assert cache.get("theirs") == 0
    assert len(cache) == 3


def test_least_recently_used_entry_leaves_a_full_cache() -> None:
    cache: ShapeCache[int] = ShapeCache("test", 3)
    tenants = [TenantId(UUID(int=number)) for number in range(4)]
    for number in range(3):
        cache.put(number, number, by=tenants[number])

    cache.get(0)
    cache.put(3, 3, by=tenants[3])

    assert [cache.get(number) for number in range(4)] == [0, None, 2, 3]


def test_replaced_entry_counts_once() -> None:
    cache: ShapeCache[int] = ShapeCache("test", 8)
    cache.put("key", 1, by=MINE)
    cache.put("key", 2, by=THEIRS)

    assert cache.get("key") == 2
    assert len(cache) == 1


def test_weights_are_what_is_bounded() -> None:
    cache: ShapeCache[str] = ShapeCache("test", 80)

    cache.put("heavy", "heavy", by=MINE, weight=9)
    cache.put("too heavy", "too heavy", by=MINE, weight=11)
    cache.put("light", "light", by=MINE, weight=2)

    assert [cache.get(key) for key in ("heavy", "too heavy", "light")] == [None, None, "light"]
    assert len(cache) == 1


def test_a_tenant_can_neither_replace_nor_push_out_what_is_anothers() -> None:
    """[G10] Whatever one tenant asks for, in whatever number, the others keep what they have."""
    cache: ShapeCache[str] = ShapeCache("test", 64)
    others = [TenantId(UUID(int=number)) for number in range(2, 9)]
    for tenant in others:
        for number in range(8):
            cache.put((tenant, number), "theirs", by=tenant)

    for number in range(1_000):
        cache.put(("mine", number), "mine", by=MINE)

    assert [cache.get((tenant, number)) for tenant in others for number in range(8)] == ["theirs"] * 56
    assert len(cache) == 64


def test_an_entry_weighs_what_it_has_grown_to() -> None:
    """[G10] For the tenant that put it there, whoever made it grow: others' shares stay theirs."""
    cache: ShapeCache[str] = ShapeCache("test", 80)
    for key, by in (("grows", THEIRS), ("theirs", THEIRS), ("mine", MINE)):
        cache.put(key, key, by=by, weight=4)

    assert cache.weigh("grows", "grows", 9)
    assert cache.weight == 17
    cache.put("also mine", "also mine", by=MINE, weight=6)

    assert [cache.get(key) for key in ("theirs", "mine", "also mine")] == ["theirs", "mine", "also mine"]
    cache.put("also theirs", "also theirs", by=THEIRS, weight=6)
    assert [cache.get(key) for key in ("grows", "mine", "also mine")] == [None, "mine", "also mine"]
    assert cache.weight == 4 + 6 + 4 + 6


def test_what_grows_makes_room_for_itself() -> None:
    """No more is kept in all than there is room for."""
    cache: ShapeCache[int] = ShapeCache("test", 24)
    for number in range(8):
        cache.put(number, number, by=TenantId(UUID(int=number)), weight=3)

    assert cache.weigh(5, 5, 2)
    assert cache.weigh(6, 6, 3)
    cache.put(8, 8, by=TenantId(UUID(int=8)))
    assert cache.weight == 24
    assert cache.weigh(5, 5, 3)

    assert [number for number in range(9) if cache.get(number) is not None] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert cache.weight == 22


def test_an_entry_that_grows_too_heavy_is_not_kept() -> None:
    cache: ShapeCache[str] = ShapeCache("test", 80)
    cache.put("grows", "grows", by=MINE)

    assert cache.weigh("grows", "grows", 10)
    assert not cache.weigh("grows", "grows", 11)

    assert cache.get("grows") is None
    assert (cache.weight, len(cache)) == (0, 0)


def test_only_what_is_here_is_weighed() -> None:
    """What took the place of a value is not taken for it."""
    cache: ShapeCache[list[str]] = ShapeCache("test", 80)
    old, new = [""], [""]
    cache.put("key", new, by=MINE, weight=2)

    assert not cache.weigh("key", old, 11)
    assert not cache.weigh("other", old, 1)

    assert cache.get("key") is new
    assert cache.weight == 2


def test_what_was_used_still_was_when_it_has_grown() -> None:
    cache: ShapeCache[int] = ShapeCache("test", 24)
    for number in range(8):
        cache.put(number, number, by=TenantId(UUID(int=number)), weight=2)
    cache.get(1)
    cache.weigh(1, 1, 3)

    for number in range(8, 20):
        cache.put(number, number, by=TenantId(UUID(int=number)), weight=2)

    assert [number for number in range(20) if cache.get(number) is not None] == [1, *range(10, 20)]
