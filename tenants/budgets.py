"""How much a principal and a tenant may ask for over time: token buckets of cost, in the memory of this process.

Each process counts for itself, so that asking costs a microsecond and no round trip; with several processes behind one
address the whole is as many times larger. A bucket that nobody used for long is full again, and may be forgotten.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.clock import monotonic as monotonic_clock
from tenants.errors import TooMuch

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.clock import Monotonic
    from tenants.context import TenantId
    from tenants.settings import BudgetSettings

_REMEMBERED = 50_000


class BudgetSpent(TooMuch):
    """Too much was asked for in a short time; try again in {seconds} seconds."""

    code = "BUDGET_SPENT"
    zh = "短时间内请求过多,请在 {seconds} 秒后重试。"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a bucket stands."""

    capacity: int
    per_second: int
    remaining: int


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


@dataclass(frozen=True, slots=True)
class _Kind:
    capacity: int
    per_second: int


class Budgets:
    """The buckets of one process."""

    def __init__(
        self, settings: BudgetSettings, *, monotonic: Monotonic = monotonic_clock, remembered: int = _REMEMBERED
    ) -> None:
        self._principal = _Kind(settings.principal_burst, settings.principal_per_second)
        self._tenant = _Kind(settings.tenant_burst, settings.tenant_per_second)
        self._monotonic = monotonic
        self._remembered = remembered
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def spend(self, tenant: TenantId, principal: Hashable, cost: int) -> None:
        """Take the cost from both buckets, or from none: `BudgetSpent` says when there will be enough."""
        now = self._monotonic()
        own = self._filled((tenant, principal), self._principal, now)
        shared = self._filled(tenant, self._tenant, now)
        # Usually there is enough. What is beyond a whole bucket may still go through, when that is full.
        if cost > own.level or cost > shared.level:
            seconds = max(_seconds(own, self._principal, cost), _seconds(shared, self._tenant, cost))
            if seconds:
                raise BudgetSpent(seconds=seconds)
        own.level -= cost
        shared.level -= cost

    def give_back(self, tenant: TenantId, principal: Hashable, cost: int) -> None:
        """Put a cost back into both buckets, as far as they are not full by now."""
        now = self._monotonic()
        for key, kind in (((tenant, principal), self._principal), (tenant, self._tenant)):
            bucket = self._filled(key, kind, now)
            bucket.level = min(kind.capacity, bucket.level + cost)

    def standing(self, tenant: TenantId, principal: Hashable) -> tuple[Standing, Standing]:
        """The principal's and the tenant's."""
        now = self._monotonic()
        own = self._filled((tenant, principal), self._principal, now)
        return _standing(own, self._principal), _standing(self._filled(tenant, self._tenant, now), self._tenant)

    def __len__(self) -> int:
        return len(self._buckets)

    def _filled(self, key: Hashable, kind: _Kind, now: float) -> _Bucket:
        found = self._buckets.get(key)
        if found is None:
            found = self._buckets[key] = _Bucket(kind.capacity, now)
            if len(self._buckets) > self._remembered:
                self._buckets.popitem(last=False)
            return found
        self._buckets.move_to_end(key)
        found.level = min(kind.capacity, found.level + (now - found.at) * kind.per_second)
        found.at = now
        return found


def _seconds(bucket: _Bucket, kind: _Kind, cost: int) -> int:
    """How long until the bucket holds the cost; a cost beyond its capacity is let through when it is full."""
    missing = min(cost, kind.capacity) - bucket.level
    return math.ceil(missing / kind.per_second) if missing > 0 else 0


def _standing(bucket: _Bucket, kind: _Kind) -> Standing:
    return Standing(kind.capacity, kind.per_second, int(bucket.level))
