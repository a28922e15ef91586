"""What every bounded cache tells of itself at `/metrics`: hits, misses, evictions, entries and weight, by its name.

The caches count in plain integers; this reads them when somebody asks. No label holds a tenant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from prometheus_client import Metric


@dataclass(slots=True)
class Tally:
    """What happened in the caches of one name since the process began."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0


class Measured(Protocol):
    """A cache as it is measured."""

    @property
    def weight(self) -> int:
        """What its entries weigh together."""

    def __len__(self) -> int: ...


class CacheCollector(Collector):
    """All caches of the process by name."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}
        self._caches: dict[str, WeakSet[Measured]] = {}

    def tally(self, name: str, cache: Measured) -> Tally:
        """Where a cache of this name counts; the cache itself is not kept alive by it."""
        self._caches.setdefault(name, WeakSet()).add(cache)
        return self._tallies.setdefault(name, Tally())

    def collect(self) -> Iterator[Metric]:
        """The numbers of this moment."""
        hits = CounterMetricFamily("kezhi_cache_hits", "Look-ups that a cache answered.", labels=("cache",))
        misses = CounterMetricFamily("kezhi_cache_misses", "Look-ups that a cache did not answer.", labels=("cache",))
        evictions = CounterMetricFamily("kezhi_cache_evictions", "Entries that made room.", labels=("cache",))
        entries = GaugeMetricFamily("kezhi_cache_entries", "Entries in a cache.", labels=("cache",))
        weight = GaugeMetricFamily("kezhi_cache_weight", "What a cache's entries weigh.", labels=("cache",))
        for name, tally in sorted(self._tallies.items()):
            hits.add_metric((name,), tally.hits)
            misses.add_metric((name,), tally.misses)
            evictions.add_metric((name,), tally.evictions)
            entries.add_metric((name,), sum(map(len, self._caches[name])))
            weight.add_metric((name,), sum(cache.weight for cache in self._caches[name]))
        yield from (hits, misses, evictions, entries, weight)


CACHES = CacheCollector()
REGISTRY.register(CACHES)
