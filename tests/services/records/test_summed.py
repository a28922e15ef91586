"""[A3] Roll-ups computed by the statement that writes a line: what it costs, and that it counts what it writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import records
from tests.builders.derived import add
from tests.builders.spans import statements_of
from tests.builders.summed import everything, held

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_statement_counts_what_it_writes_and_the_others(company: Tenant) -> None:
    made = await everything(company, "counted")
    head, other = await made.new_head(), await made.new_head()
    line = {"headId_c": head, "number_c": 2, "done_c": True, "day_c": "2026-02-01", "amount_c": {"amount": 7}}

    one, two = await made.new_lines(line, {**line, "number_c": 5})
    assert [(await held(made, head))[each] for each in ("all_c", "done_c", "sum_c")] == [2, 2, 7]
    await made.change(one, number_c=1, amount_c={"amount": 9, "currency": "USD"})
    assert [(await held(made, head))[each] for each in ("done_c", "sum_c", "dear_c")] == [1, 6, None]
    await made.change(two, headId_c=None)
    assert [(await held(made, head))[each] for each in ("all_c", "dear_c", "dear_c.currency")] == [1, 9, "USD"]
    await made.change(two, headId_c=head)
    await made.change(two, headId_c=other)
    assert [(await held(made, each))["sum_c"] for each in (head, other)] == [1, 5]
    await company.write(lambda work: records.delete(work, made.line, [one]))
    assert [(await held(made, head))[each] for each in ("all_c", "sum_c", "mean_c", "last_c")] == [0, None, None, None]


async def test_roll_up_costs_no_statement_unless_a_formula_looks_at_it(company: Tenant) -> None:
    made = await everything(company, "cheap")
    head = await made.new_head()
    line = {"headId_c": head, "number_c": 2}
    lines = await made.new_lines(*[line] * 10)
    one, two, *others = lines
    await made.change(one, number_c=3)
    await made.change(one, headId_c=head, amount_c={"amount": 2})
    await company.write(lambda work: records.delete(work, made.line, [two]))

    async def deeds() -> list[int]:
        return [
            await statements_of(made.change(one, number_c=4)),
            await statements_of(made.change(one, day_c="2026-02-01")),
            await statements_of(made.new_lines(line)),
            await statements_of(made.new_lines(line, line, line)),
            await statements_of(made.new_lines({"number_c": 2})),
            await statements_of(company.write(lambda work: records.update(work, made.line, others, {"number_c": 7}))),
            await statements_of(company.write(lambda work: records.delete(work, made.line, others[:3]))),
        ]

    # The first of them asks for `state`; one looks whether the head is there.
    assert await deeds() == [3, 3, 3, 3, 2, 3, 3]
    await made.change(one, number_c=3, day_c=None)
    await company.write(lambda work: records.restore(work, made.line, others[:3]))
    await add(company, made.head, "half", "formula", expression="coalesce(sum_c, 0) / 2")
    await made.change(one, number_c=9)
    assert await statements_of(made.change(one, number_c=4)) == 4


async def test_head_in_the_bin_keeps_nothing(company: Tenant) -> None:
    made = await everything(company, "binned")
    head = await made.new_head()
    (line,) = await made.new_lines({"headId_c": head, "number_c": 2})
    await company.write(lambda work: records.delete(work, made.head, [head]))

    await company.write(lambda work: records.delete(work, made.line, [line]))

    assert await made.value(head, "sum_c", "all_c") == (2, 1)
