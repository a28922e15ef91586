"""[H1] What may be asked for over time, by principal and by tenant."""

from __future__ import annotations

from uuid import UUID

import pytest

from tenants.budgets import Budgets, BudgetSpent, Standing
from tenants.context import TenantId
from tenants.settings import BudgetSettings

MINE, THEIRS = TenantId(UUID(int=1)), TenantId(UUID(int=2))
SETTINGS = BudgetSettings(principal_per_second=10, principal_burst=100, tenant_per_second=30, tenant_burst=150)


class Watch:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def budgets(watch: Watch, *, remembered: int = 100) -> Budgets:
    return Budgets(SETTINGS, monotonic=watch, remembered=remembered)


def test_principal_that_spent_its_budget_is_told_when_to_come_back() -> None:
    watch = Watch()
    made = budgets(watch)
    made.spend(MINE, "anna", 100)

    with pytest.raises(BudgetSpent) as refused:
        made.spend(MINE, "anna", 25)

    assert refused.value.details == {"seconds": 3}
    watch.now = 2.4
    with pytest.raises(BudgetSpent):
        made.spend(MINE, "anna", 25)
    watch.now = 2.5
    made.spend(MINE, "anna", 25)


def test_tenant_has_a_budget_that_all_of_its_principals_share() -> None:
    made = budgets(Watch())
    made.spend(MINE, "anna", 100)

    with pytest.raises(BudgetSpent) as refused:
        made.spend(MINE, "bert", 100)
    made.spend(MINE, "bert", 50)
    made.spend(THEIRS, "anna", 100)

    assert refused.value.details == {"seconds": 2}


def test_what_is_given_back_may_be_spent_again_and_fills_nothing_beyond_its_brim() -> None:
    watch = Watch()
    made = budgets(watch)
    made.spend(MINE, "anna", 60)
    made.spend(MINE, "bert", 60)

    made.give_back(MINE, "anna", 50)
    assert made.standing(MINE, "anna") == (Standing(100, 10, 90), Standing(150, 30, 80))
    assert made.standing(MINE, "bert") == (Standing(100, 10, 40), Standing(150, 30, 80))

    watch.now = 4.0
    made.give_back(MINE, "anna", 60)
    assert made.standing(MINE, "anna") == (Standing(100, 10, 100), Standing(150, 30, 150))


def test_what_is_refused_is_not_spent() -> None:
    made = budgets(Watch())
    made.spend(MINE, "anna", 100)
    for _ in range(3):
        with pytest.raises(BudgetSpent):
            made.spend(MINE, "anna", 1)

    assert made.standing(MINE, "anna") == (Standing(100, 10, 0), Standing(150, 30, 50))
    assert made.standing(MINE, "bert") == (Standing(100, 10, 100), Standing(150, 30, 50))


def test_bucket_is_never_more_than_full() -> None:
    watch = Watch()
    made = budgets(watch)
    made.spend(MINE, "anna", 10)
    watch.now = 1_000

    assert made.standing(MINE, "anna") == (Standing(100, 10, 100), Standing(150, 30, 150))


def test_cost_beyond_the_capacity_is_let_through_by_a_full_bucket() -> None:
    made = budgets(Watch())
    made.spend(MINE, "anna", 120)

    assert made.standing(MINE, "anna") == (Standing(100, 10, -20), Standing(150, 30, 30))


def test_buckets_used_longest_ago_are_forgotten() -> None:
    made = budgets(Watch(), remembered=10)
    for number in range(100):
        made.spend(MINE, number, 1)

    assert len(made) == 10
    assert made.standing(MINE, 99)[1] == Standing(150, 30, 50)
