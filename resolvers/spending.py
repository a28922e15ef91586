"""What one request may cost and has cost: every door charges here before it reads, and after it knows what is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from resolvers.refusals import TooCostly
from services import query
from services.query.plan import Plan, Values

if TYPE_CHECKING:
    from collections.abc import Hashable

    from tenants.budgets import Budgets, Standing
    from tenants.context import Origin, Principal, TenantId
    from tenants.settings import LimitSettings

Read: TypeAlias = Callable[[Plan, Values], Awaitable[bytes]]

# In the unit of all costs, a value that is read.
STATIC_FIELD = 1
WRITTEN_RECORD = 10
# Answered by walking the whole schema in Python.
INTROSPECTION_COST = 5_000
# Every step of a draft is checked against all definitions, or every value of a field is converted.
REHEARSAL_COST = 100_000


@dataclass(slots=True)
class Spending:
    """The account of one request."""

    budgets: Budgets
    limits: LimitSettings
    tenant: TenantId
    # Nobody in particular is known by the address.
    principal: Hashable
    cost: int = 0

    @staticmethod
    def of(budgets: Budgets, limits: LimitSettings, tenant: TenantId, principal: Principal, origin: Origin) -> Spending:
        """A new account."""
        # The number of an id is hashed in C, the id itself in Python.
        return Spending(budgets, limits, tenant, origin.address if principal.is_anonymous else principal.id.int)

    def charge(self, cost: int) -> None:
        """Refuse a request that costs too much, or whose budget is spent; else it is paid for."""
        wanted = self.cost + cost
        if wanted > self.limits.cost:
            raise TooCostly(cost=wanted, max=self.limits.cost)
        self.budgets.spend(self.tenant, self.principal, cost)
        self.cost = wanted

    def give_back(self) -> None:
        """Nothing was answered, and it was nobody's to spend."""
        self.budgets.give_back(self.tenant, self.principal, self.cost)
        self.cost = 0

    def priced(self, read: Read) -> Read:
        """A read of a payload that is paid for when its plan is known."""

        async def charged(plan: Plan, values: Values) -> bytes:
            self.charge(query.price(plan.roots).of(values))
            return await read(plan, values)

        return charged

    def standing(self) -> tuple[Standing, Standing]:
        """What is left to the principal, and to the tenant."""
        return self.budgets.standing(self.tenant, self.principal)

    def told(self) -> dict[str, object]:
        """The member `cost` of `extensions`."""
        own, shared = self.standing()
        return {
            "requested": self.cost,
            "max": self.limits.cost,
            "remaining": own.remaining,
            "tenantRemaining": shared.remaining,
        }
