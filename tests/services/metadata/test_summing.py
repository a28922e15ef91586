"""[A3] What one statement computes of the many side: each function, conditions of every kind, and mixed currencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from schema.metadata.values import Money
from services import metadata, records
from tests.builders.derived import add, family

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork
    from tests.builders.derived import Family
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def values(made: Family, *heads: UUID) -> list[dict[str, Any]]:  # Any: values of any type
    """Of each head, computed now."""

    async def compute(work: ReadWork) -> dict[UUID, dict[str, object]]:
        known = await metadata.registry(work)
        return await metadata.roll_up_values(work, known, metadata.roll_ups_of(known.shape, made.head), heads)

    found = await made.tenant.read(compute)
    return [found[each] for each in heads]


async def test_functions_and_conditions(company: Tenant) -> None:
    made = await family(company, "functions")
    rolled = {"relation": "lines_c"}
    await add(company, made.head, "n", "rollUp", function="count", **rolled)
    await add(company, made.head, "done", "rollUp", function="count", filter="done_c", **rolled)
    await add(company, made.head, "sum", "rollUp", function="sum", field="number_c", **rolled)
    await add(company, made.head, "mean", "rollUp", function="avg", field="number_c", scale=3, **rolled)
    await add(company, made.head, "last", "rollUp", function="max", field="day_c", **rolled)
    await add(
        company,
        made.head,
        "late",
        "rollUp",
        function="min",
        field="number_c",
        filter="day_c > date('2026-01-15')",
        **rolled,
    )
    await add(
        company,
        made.head,
        "dear",
        "rollUp",
        function="sum",
        field="amount_c",
        filter="amount_c >= money(10, 'CNY')",
        **rolled,
    )
    head, empty = await made.new_head(), await made.new_head()
    await made.new_lines(
        {"headId_c": head, "number_c": 1, "done_c": True, "day_c": "2026-01-01", "amount_c": {"amount": 5}},
        {"headId_c": head, "number_c": 2, "done_c": False, "day_c": "2026-02-01", "amount_c": {"amount": "10.5"}},
        {"headId_c": head, "number_c": 2, "day_c": "2026-03-01", "amount_c": {"amount": 20}},
        {"number_c": 100},
    )

    assert await values(made, head, empty) == [
        {
            "n_c": 3,
            "done_c": 1,
            "sum_c": 5,
            "mean_c": Decimal("1.667"),
            "last_c": date(2026, 3, 1),
            "late_c": 2,
            "dear_c": Money(Decimal("30.5"), "CNY"),
        },
        {"n_c": 0, "done_c": 0, "sum_c": None, "mean_c": None, "last_c": None, "late_c": None, "dear_c": None},
    ]


async def test_amounts_of_several_currencies_have_no_sum(company: Tenant) -> None:
    made = await family(company, "currencies")
    rolled = {"relation": "lines_c", "field": "amount_c"}
    await add(company, made.head, "sum", "rollUp", function="sum", **rolled)
    await add(company, made.head, "top", "rollUp", function="max", **rolled)
    head = await made.new_head()
    yuan, _ = await made.new_lines(
        {"headId_c": head, "amount_c": {"amount": 5, "currency": "CNY"}},
        {"headId_c": head, "amount_c": {"amount": 7, "currency": "USD"}},
    )
    assert await values(made, head) == [{"sum_c": None, "top_c": None}]

    await company.write(lambda work: records.delete(work, made.line, [yuan]))

    seven = Money(Decimal(7), "USD")
    assert await values(made, head) == [{"sum_c": seven, "top_c": seven}]
    assert await made.value(head, "sum_c", "sum_c.currency") == (Decimal(7), "USD")
