"""[H2] What caches tell of themselves; the numbers are of the process, and nothing in them is a tenant's."""

from __future__ import annotations

from uuid import UUID

from prometheus_client import REGISTRY

from services.query.templates import statements_kept
from tenants.cache_metrics import CACHES
from tenants.context import TenantId
from tenants.shape_cache import ShapeCache

TENANTS = [TenantId(UUID(int=number)) for number in range(9)]


def sample(name: str, cache: str) -> float | None:
    return REGISTRY.get_sample_value(f"kezhi_cache_{name}", {"cache": cache})


def test_hits_misses_and_size_of_a_cache_are_told() -> None:
    cache: ShapeCache[str] = ShapeCache("of this test", 16)

    cache.put("key", "made", by=TENANTS[0], weight=2)
    cache.put("heavier", "made", by=TENANTS[0])
    cache.get("heavier")
    cache.get("key")
    cache.get("ghost")

    assert sample("hits_total", "of this test") == 1
    assert sample("misses_total", "of this test") == 2
    assert sample("evictions_total", "of this test") == 1
    assert (sample("entries", "of this test"), sample("weight", "of this test")) == (1, 1)


def test_size_of_a_cache_that_is_gone_is_not_told() -> None:
    cache: ShapeCache[str] = ShapeCache("gone", 16)
    cache.put("key", "made", by=TENANTS[0])
    del cache

    assert sample("entries", "gone") == 0


def test_caches_of_the_compiler_are_among_them() -> None:
    known = {each.labels["cache"] for family in CACHES.collect() for each in family.samples}

    assert {"same_plans", "plans", "statements"} <= known
    assert sample("entries", "statements") == statements_kept()
