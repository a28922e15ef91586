"""The cache of tenant data: registries and policies, keyed by tenant, kind and version, bounded by what they weigh.

It also remembers the versions of each tenant that this process saw last; they are hints, every statement compares.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from tenants.cache_metrics import CACHES

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.context import TenantId, Versions

T = TypeVar("T")


@dataclass(slots=True)
class _Filled:
    """What one tenant keeps here, in the order of use."""

    keys: OrderedDict[Hashable, None] = field(default_factory=OrderedDict)
    weight: int = 0


# In kibibytes, roughly: what a process keeps of its tenants' data, however many there are.
CAPACITY = 128 * 1024


class TenantCache:
    """Least recently used entries leave first, for the process and for one tenant (at most an eighth of all).

    An entry weighs one unless it is said to weigh more; one that weighs more than a tenant may fill is not kept.
    """

    def __init__(self, capacity: int = CAPACITY, *, name: str = "tenants") -> None:
        self._capacity = capacity
        self._share = max(1, capacity // 8)
        self._entries: OrderedDict[tuple[TenantId, Hashable], tuple[object, int]] = OrderedDict()
        self._by_tenant: dict[TenantId, _Filled] = {}
        self._versions: dict[TenantId, Versions] = {}
        self._weight = 0
        self._tally = CACHES.tally(name, self)

    def get(self, kind: type[T], tenant: TenantId, key: Hashable) -> T | None:
        """The entry of this kind, if it is still here."""
        found = self._entries.get((tenant, (kind, key)))
        if found is None:
            self._tally.misses += 1
            return None
        self._tally.hits += 1
        self._entries.move_to_end((tenant, (kind, key)))
        self._by_tenant[tenant].keys.move_to_end((kind, key))
        return cast("T", found[0])

    def put(self, kind: type[T], tenant: TenantId, key: Hashable, entry: T, *, weight: int = 1) -> None:
        """Keep an entry; the oldest of this tenant, or of all, makes room."""
        if (tenant, (kind, key)) in self._entries:
            self._drop(tenant, (kind, key))
        if weight > self._share:
            return
        mine = self._by_tenant.setdefault(tenant, _Filled())
        mine.keys[(kind, key)] = None
        mine.weight += weight
        self._entries[(tenant, (kind, key))] = (entry, weight)
        self._weight += weight
        while mine.weight > self._share:
            self._evict(tenant, next(iter(mine.keys)))
        while self._weight > self._capacity:
            self._evict(*next(iter(self._entries)))

    @property
    def weight(self) -> int:
        """What all entries weigh."""
        return self._weight

    def versions(self, tenant: TenantId) -> Versions | None:
        """The versions seen last."""
        return self._versions.get(tenant)

    def remember(self, tenant: TenantId, versions: Versions) -> None:
        """Note the versions just read from `state`."""
        self._versions[tenant] = versions

    def forget(self, tenant: TenantId) -> None:
        """The versions moved: the next unit of work reads `state` first."""
        self._versions.pop(tenant, None)

    def __len__(self) -> int:
        return len(self._entries)

    def _evict(self, tenant: TenantId, key: Hashable) -> None:
        self._tally.evictions += 1
        self._drop(tenant, key)

    def _drop(self, tenant: TenantId, key: Hashable) -> None:
        _, weight = self._entries.pop((tenant, key))
        self._weight -= weight
        mine = self._by_tenant[tenant]
        del mine.keys[key]
        mine.weight -= weight
        if not mine.keys:
            del self._by_tenant[tenant]
