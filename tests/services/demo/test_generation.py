"""The story is the same for the same seed, large enough, and never points at what has not happened yet."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from services.demo.chronicle import Create, Operation
from services.demo.generation import FIRST_CUSTOMERS, story
from tests.builders.demo import ACCOUNTS, BEGIN, END, NUMBERS, created

AT_LEAST = {
    "customer": 1_000, "contact": 3_000, "opportunity": 1_200, "activity": 10_000, "quote": 500, "quoteLine": 1_000,
    "contract": 200, "order": 200, "orderLine": 400, "paymentPlan": 600, "receipt": 300, "invoice": 300,
    "ticket": 300, "task": 200, "lead": 100, "product": 10, "campaign": 5,
}  # fmt: skip


def told(**options: int) -> tuple[tuple[Operation, ...], ...]:
    return story.__wrapped__(END, ACCOUNTS, NUMBERS, **options)


def test_story_is_large_enough_and_the_same_for_the_same_seed() -> None:
    first, again = told(), told()

    counts: Counter[str] = Counter()
    for period in first:
        for operation in period:
            counts[operation.object_name] += len(operation.ids) if isinstance(operation, Create) else 0
    assert first == again
    assert {name: count >= AT_LEAST[name] for name, count in counts.items()} == dict.fromkeys(AT_LEAST, True)
    assert len(first) == 37


def test_another_seed_is_another_story() -> None:
    first, other = [created(told(seed=seed, customers=3)[0], "customer") for seed in (1, 2)]

    assert set(first).isdisjoint(other)


def test_first_period_holds_the_first_customers_with_their_contacts() -> None:
    first, *later = told(customers=FIRST_CUSTOMERS + 10)

    customers = created(first, "customer")
    assert len(customers) == FIRST_CUSTOMERS
    assert {each["customerId"] for each in created(first, "contact").values()} == set(customers)
    assert sum(len(created(period, "customer")) for period in later) == 10


@pytest.mark.parametrize("hour", [0, 3, 6, 9, 15])
def test_nothing_points_at_what_is_not_there_and_nothing_lies_ahead(hour: int) -> None:
    """Whatever the time of the day at which the story ends."""
    end = END.replace(hour=hour)
    people = {person for _, person in ACCOUNTS}
    there: set[UUID] = set()
    missing: set[object] = set()

    for operation in (each for period in story(end, ACCOUNTS, NUMBERS, customers=250) for each in period):
        assert BEGIN - timedelta(days=1) < operation.at <= end
        if isinstance(operation, Create):
            values = {value for record in operation.records for value in record.values() if isinstance(value, UUID)}
            there.update(operation.ids)
            missing |= values - people - there
        else:
            missing |= set(operation.ids) - there

    assert missing == set()
