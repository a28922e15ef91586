"""[H1] The account of one request."""

from __future__ import annotations

from uuid import UUID

import pytest

from resolvers.refusals import TooCostly
from resolvers.spending import Spending
from services.query import plan as p
from tenants.budgets import Budgets, BudgetSpent
from tenants.context import ANONYMOUS, Origin, Principal, PrincipalKind, TenantId
from tenants.settings import BudgetSettings, LimitSettings

TENANT = TenantId(UUID(int=1))
ANNA = Principal(PrincipalKind.USER, UUID(int=2))
SETTINGS = BudgetSettings(principal_per_second=1, principal_burst=15, tenant_per_second=1, tenant_burst=100)
LIMITS = LimitSettings(cost=10)


def spending(principal: Principal = ANNA, *, budgets: Budgets | None = None, address: str = "192.0.2.1") -> Spending:
    made = Budgets(SETTINGS, monotonic=lambda: 0.0) if budgets is None else budgets
    return Spending.of(made, LIMITS, TENANT, principal, Origin("request-1", address=address))


def test_costs_of_one_request_add_up() -> None:
    mine = spending()
    mine.charge(4)
    mine.charge(6)

    with pytest.raises(TooCostly) as refused:
        mine.charge(1)

    assert refused.value.details == {"cost": 11, "max": 10}
    assert mine.told() == {"requested": 10, "max": 10, "remaining": 5, "tenantRemaining": 90}


def test_requests_of_one_principal_share_a_budget() -> None:
    budgets = Budgets(SETTINGS, monotonic=lambda: 0.0)
    spending(budgets=budgets).charge(10)

    with pytest.raises(BudgetSpent):
        spending(budgets=budgets).charge(10)


def test_nobody_in_particular_is_known_by_the_address() -> None:
    budgets = Budgets(SETTINGS, monotonic=lambda: 0.0)
    spending(ANONYMOUS, budgets=budgets).charge(10)

    spending(ANONYMOUS, budgets=budgets, address="192.0.2.2").charge(10)
    with pytest.raises(BudgetSpent):
        spending(ANONYMOUS, budgets=budgets).charge(10)


async def test_read_of_a_payload_is_paid_for_before_it_is_read() -> None:
    read: list[p.Plan] = []

    async def reading(plan: p.Plan, _: p.Values) -> bytes:
        read.append(plan)
        return b"{}"

    selection = p.Selection("customer", (p.Leaf("id", "id"),))
    plan = p.Plan((p.WrittenRoot("customers", selection, p.Parameter(0), many=True),))
    mine = spending()

    assert await mine.priced(reading)(plan, (["a", "b", "c"],)) == b"{}"
    with pytest.raises(TooCostly):
        await mine.priced(reading)(plan, (["a", "b", "c"],))
    assert read == [plan]
