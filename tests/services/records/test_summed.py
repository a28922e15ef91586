"""[A3] Roll-ups computed by the statement that writes a line: what it costs, and that it counts what it writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services import metadata, records
from tests.builders.derived import add, family
from tests.builders.spans import statements_of

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork
    from tests.builders.derived import Family
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

FUNCTIONS: dict[str, dict[str, object]] = {
    "all_c": {"function": "count"},
    "done_c": {"function": "count", "filter": "done_c && number_c > 1"},
    "sum_c": {"function": "sum", "field": "number_c"},
    "mean_c": {"function": "avg", "field": "number_c", "scale": 3},
    "last_c": {"function": "max", "field": "day_c"},
    "dear_c": {"function": "sum", "field": "amount_c", "filter": "day_c > date('2026-01-15')"},
}


async def everything(tenant: Tenant, name: str) -> Family:
    made = await family(tenant, name)
    for field, options in FUNCTIONS.items():
        await add(tenant, made.head, field.removesuffix("_c"), "rollUp", relation="lines_c", **options)
    return made


async def held(made: Family, head: UUID) -> dict[str, Any]:  # Any: values of any type
    """What a head holds, and the same from scratch."""

    async def compute(work: ReadWork) -> dict[UUID, dict[str, object]]:
        known = await metadata.registry(work)
        return await metadata.roll_up_values(work, known, metadata.roll_ups_of(known.shape, made.head), [head])

    scratch = (await made.tenant.read(compute))[head]
    dear: Any = scratch["dear_c"]
    names = [*FUNCTIONS, "dear_c.currency"]
    found = dict(zip(names, await made.value(head, *names), strict=True))
    assert found == {
        **scratch,
        "dear_c": None if dear is None else dear.amount,
        "dear_c.currency": None if dear is None else dear.currency,
    }
    return found


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


async def test_roll_up_costs_a_line_one_statement_and_none_where_it_stays(company: Tenant) -> None:
    made = await everything(company, "cheap")
    head = await made.new_head()
    line = {"headId_c": head, "number_c": 2}
    one, _ = await made.new_lines(line, line)
    await made.change(one, number_c=3)

    changed = await statements_of(made.change(one, number_c=4))
    same = await statements_of(made.change(one, amount_c={"amount": 1}))
    created = await statements_of(made.new_lines(line))
    alone = await statements_of(made.new_lines({"number_c": 2}))

    # The first of them asks for `state`; one looks whether the head is there.
    assert (changed, same, created, alone) == (4, 3, 4, 2)


async def test_head_in_the_bin_keeps_nothing(company: Tenant) -> None:
    made = await everything(company, "binned")
    head = await made.new_head()
    (line,) = await made.new_lines({"headId_c": head, "number_c": 2})
    await company.write(lambda work: records.delete(work, made.head, [head]))

    await company.write(lambda work: records.delete(work, made.line, [line]))

    assert await made.value(head, "sum_c", "all_c") == (2, 1)
