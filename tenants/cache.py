"""The cache of tenant data: registries and policies, keyed by tenant, kind and version, bounded by what they weigh.

It also remembers the versions of each tenant that this process saw last; they are hints, every statement compares.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tenants.cache_metrics import CACHES
from tenants.cache_room import oldest

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.context import TenantId, Versions

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Entry:
    value: Any  # of the kind that is in its key; `cast` would be a call for each look
    weight: int
    is_used: bool = False


@dataclass(slots=True)
class _Filled:
    """What one tenant keeps here, in the order in which it makes room."""

    entries: OrderedDict[Hashable, _Entry] = field(default_factory=OrderedDict)
    weight: int = 0


# In kibibytes, roughly: what a process keeps of its tenants' data, however many there are.
CAPACITY = 128 * 1024


class TenantCache:
    """The oldest entry that nobody used leaves first, of the process and of one tenant (at most an eighth of all).

    An entry weighs one unless it is said to weigh more; one that weighs more than a tenant may fill is not kept.
    """

    def __init__(self, capacity: int = CAPACITY, *, name: str = "tenants") -> None:
        self._capacity = capacity
        self._share = max(1, capacity // 8)
        self._order: OrderedDict[tuple[TenantId, Hashable], None] = OrderedDict()
        self._by_tenant: dict[TenantId, _Filled] = {}
        self._versions: dict[TenantId, Versions] = {}
        self._weight = 0
        self._tally = CACHES.tally(name, self)

    def get(self, kind: type[T], tenant: TenantId, key: Hashable) -> T | None:
        """The entry of this kind, if it is still here."""
        try:
            # What is looked for is nearly always there, and then this is one call less than asking for nothing instead.
            found = self._by_tenant[tenant].entries[kind, key]
        except KeyError:
            self._tally.misses += 1
            return None
        self._tally.hits += 1
        found.is_used = True
        value: T = found.value
        return value

    def put(self, kind: type[T], tenant: TenantId, key: Hashable, entry: T, *, weight: int = 1) -> None:
        """Keep an entry; the oldest of this tenant, or of all, makes room."""
        whole = (kind, key)
        if (tenant, whole) in self._order:
            self._drop(tenant, whole)
        if weight > self._share:
            return
        while (filled := self._by_tenant.get(tenant)) is not None and filled.weight + weight > self._share:
            self._evict(tenant, oldest(filled.entries, filled.entries.__getitem__))
        while self._weight + weight > self._capacity:
            self._evict(*oldest(self._order, self._entry))
        mine = self._by_tenant.setdefault(tenant, _Filled())
        mine.entries[whole] = _Entry(entry, weight)
        mine.weight += weight
        self._order[tenant, whole] = None
        self._weight += weight

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
        return len(self._order)

    def _entry(self, whole: tuple[TenantId, Hashable]) -> _Entry:
        tenant, key = whole
        return self._by_tenant[tenant].entries[key]

    def _evict(self, tenant: TenantId, key: Hashable) -> None:
        self._tally.evictions += 1
        self._drop(tenant, key)

    def _drop(self, tenant: TenantId, key: Hashable) -> None:
        mine = self._by_tenant[tenant]
        weight = mine.entries.pop(key).weight
        del self._order[tenant, key]
        self._weight -= weight
        mine.weight -= weight
        if not mine.entries:
            del self._by_tenant[tenant]
