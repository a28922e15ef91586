"""The cache of tenant data: registries and policies, keyed by tenant, kind and version, bounded.

It also remembers the versions of each tenant that this process saw last; they are hints, every statement compares.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.context import TenantId, Versions

T = TypeVar("T")


class TenantCache:
    """Least recently used entries leave first, for the process and for one tenant (at most an eighth of all)."""

    def __init__(self, capacity: int = 4096) -> None:
        self._capacity = capacity
        self._share = max(1, capacity // 8)
        self._entries: OrderedDict[tuple[TenantId, Hashable], object] = OrderedDict()
        self._by_tenant: dict[TenantId, OrderedDict[Hashable, None]] = {}
        self._versions: dict[TenantId, Versions] = {}
        self.hits = 0
        self.misses = 0

    def get(self, kind: type[T], tenant: TenantId, key: Hashable) -> T | None:
        """The entry of this kind, if it is still here."""
        found = self._entries.get((tenant, (kind, key)))
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end((tenant, (kind, key)))
        self._by_tenant[tenant].move_to_end((kind, key))
        return cast("T", found)

    def put(self, kind: type[T], tenant: TenantId, key: Hashable, entry: T) -> None:
        """Keep an entry; the oldest of this tenant, or of all, makes room."""
        mine = self._by_tenant.setdefault(tenant, OrderedDict())
        mine[(kind, key)] = None
        self._entries[(tenant, (kind, key))] = entry
        if len(mine) > self._share:
            self._drop(tenant, next(iter(mine)))
        if len(self._entries) > self._capacity:
            self._drop(*next(iter(self._entries)))

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

    def _drop(self, tenant: TenantId, key: Hashable) -> None:
        del self._entries[(tenant, key)]
        mine = self._by_tenant[tenant]
        del mine[key]
        if not mine:
            del self._by_tenant[tenant]
