"""[A3] Heads that move in the statement that writes their lines: what they hold, what is told of them, and who is left out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.builders.derived import Family, add, define, field
from tests.builders.metadata import add_field
from tests.builders.records import create, create_one, events, history, traces, update
from tests.builders.scribes import Scribe
from tests.builders.spans import statements_of
from tests.builders.summed import everything, held

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.mark.parametrize("seed", range(3))
async def test_heads_hold_what_a_computation_from_scratch_finds(company: Tenant, seed: int) -> None:
    made = await everything(company, f"carried{seed}")
    heads = [await made.new_head() for _ in range(2)]
    scribe = Scribe(made, heads, seed)

    for _ in range(40):
        await scribe.write()

        assert [await held(made, each) for each in heads]


async def test_fifty_writers_over_one_head_are_all_counted(company: Tenant) -> None:
    made = await everything(company, "carriedCrowd")
    head = await made.new_head()
    scribes = [Scribe(made, [head], seed) for seed in range(50)]

    async def write(scribe: Scribe) -> None:
        for _ in range(4):
            await scribe.write()

    await asyncio.gather(*map(write, scribes))

    assert (await held(made, head))["all_c"] > 0


async def test_followers_are_told_of_the_head_after_its_line_and_history_keeps_nothing(company: Tenant) -> None:
    made = await everything(company, "told")
    head = await made.new_head()
    (line,) = await made.new_lines({"headId_c": head, "number_c": 3})
    told, left = len(await events(company)), await traces(company)

    await made.change(line, number_c=4)

    assert (await events(company))[told:] == [
        ("record.updated", {"object_name": made.line, "ids": [str(line)], "fields": ["number_c"]}),
        ("record.updated", {"object_name": made.head, "ids": [str(head)], "fields": ["mean_c", "sum_c"]}),
    ]
    added = await traces(company) - left
    assert (added.history, added.audit, added.changes) == (1, 1, 2)
    assert [verb for _, verb, _ in await history(company, head)] == ["created"]
    assert await made.value(head, "version") == (1,)


async def test_write_that_moves_no_roll_up_tells_of_its_line_alone(company: Tenant) -> None:
    made = await everything(company, "still")
    head = await made.new_head()
    line, _ = await made.new_lines({"headId_c": head, "day_c": "2026-01-01"}, {"headId_c": head, "day_c": "2026-03-01"})
    told = len(await events(company))

    await made.change(line, day_c="2026-02-01")

    assert [each["object_name"] for _, each in (await events(company))[told:]] == [made.line]


async def test_numbers_are_rounded_as_they_are_from_scratch(company: Tenant) -> None:
    made = await everything(company, "rounded")
    await add(company, made.head, "whole", "rollUp", relation="lines_c", function="avg", field="number_c", scale=0)
    head = await made.new_head()
    one, two = await made.new_lines({"headId_c": head, "number_c": 1}, {"headId_c": head, "number_c": 2})

    assert await made.value(head, "whole_c", "mean_c") == (2, 1.5)
    await made.change(one, number_c=-3)
    await made.change(two, number_c=-2)
    assert await made.value(head, "whole_c", "mean_c") == (-3, -2.5)


async def test_sum_beyond_reason_is_written_by_a_statement_of_its_own(company: Tenant) -> None:
    made = await everything(company, "beyond")
    head = await made.new_head()
    most = 2**63 - 1
    one, _ = await made.new_lines({"headId_c": head, "number_c": 1}, {"headId_c": head, "number_c": most - 5})
    await made.change(one, number_c=2)

    assert (await statements_of(made.change(one, number_c=5)), await made.value(head, "sum_c")) == (4, (most,))
    await made.change(one, number_c=6)
    assert await made.value(head, "sum_c") == (None,)
    assert await held(made, head)


async def test_head_among_its_own_lines_is_written_after_them(company: Tenant) -> None:
    name = await define(company, "branch", field("number", "integer"))
    await add_field(company, name, name="above", type="relation", target=name, inverse_name="below")
    await add(company, name, "sum", "rollUp", relation="below_c", function="sum", field="number_c")
    top = await create_one(company, name, number_c=1)
    one, two = await create(company, name, {"aboveId_c": top, "number_c": 2}, {"aboveId_c": top, "number_c": 3})

    await update(company, name, one, number_c=7)
    await update(company, name, top, aboveId_c=two, number_c=4)

    made = Family(company, name, name)
    assert [(await made.value(each, "sum_c")) for each in (top, two)] == [(10,), (4,)]


async def test_what_is_rolled_up_of_a_roll_up_moves_with_it(company: Tenant) -> None:
    made = await everything(company, "storey")
    top = await define(company, "storeyTop")
    await add_field(company, made.head, name="top", type="relation", target=top, inverse_name="heads")
    await add(company, top, "total", "rollUp", relation="heads_c", function="sum", field="sum_c")
    above = await create_one(company, top)
    head = await create_one(company, made.head, topId_c=above)

    (line,) = await made.new_lines({"headId_c": head, "number_c": 3})
    assert await made.value(above, "total_c", of=top) == (3,)
    await made.change(line, number_c=8)
    assert await made.value(above, "total_c", of=top) == (8,)
