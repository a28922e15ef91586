"""[A3] Roll-ups are exact after every write on the many side, whoever writes at once, in the transaction of the write."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from services import metadata, records
from tests.builders.derived import add, family
from tests.builders.metadata import registry_of
from tests.builders.records import events, history

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork
    from tests.builders.derived import Family
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SUM, COUNT, LAST, HALF = "sum_c", "count_c", "last_c", "half_c"


async def rolled(tenant: Tenant, name: str) -> Family:
    """Sums of what is done, numbers, last days, and a formula over a sum."""
    made = await family(tenant, name)
    await add(tenant, made.head, "sum", "rollUp", relation="lines_c", function="sum", field="number_c", filter="done_c")
    await add(tenant, made.head, "count", "rollUp", relation="lines_c", function="count")
    await add(tenant, made.head, "last", "rollUp", relation="lines_c", function="max", field="day_c")
    await add(tenant, made.head, "half", "formula", expression="coalesce(sum_c, 0) / 2")
    return made


async def kept(made: Family, head: UUID) -> tuple[Any, ...]:  # Any: values of any type
    return await made.value(head, SUM, COUNT, HALF)


async def test_creation_change_move_deletion_and_return_are_followed(company: Tenant) -> None:
    made = await rolled(company, "followed")
    first, second = await made.new_head(), await made.new_head()
    assert await kept(made, first) == (None, 0, None) or await kept(made, first) == (None, 0, 0)
    one, two = await made.new_lines(
        {"headId_c": first, "number_c": 3, "done_c": True}, {"headId_c": first, "number_c": 4, "done_c": False}
    )
    assert await kept(made, first) == (3, 2, Decimal("1.5"))

    await made.change(two, done_c=True)
    assert await kept(made, first) == (7, 2, Decimal("3.5"))
    await made.change(one, headId_c=second)
    assert (await kept(made, first), await kept(made, second)) == ((4, 1, 2), (3, 1, Decimal("1.5")))
    await company.write(lambda work: records.delete(work, made.line, [two]))
    assert await kept(made, first) == (None, 0, 0)
    await company.write(lambda work: records.restore(work, made.line, [two]))
    assert await kept(made, first) == (4, 1, 2)
    await company.write(lambda work: records.destroy(work, made.line, [two]))
    assert await kept(made, first) == (None, 0, 0)
    await made.change(one, headId_c=None)
    assert await kept(made, second) == (None, 0, 0)


async def test_head_keeps_its_version_and_history_and_followers_are_told(company: Tenant) -> None:
    made = await rolled(company, "quiet")
    head = await made.new_head()

    await made.new_lines({"headId_c": head, "number_c": 3, "done_c": True})

    assert (await made.value(head, "version"), [verb for _, verb, _ in await history(company, head)]) == (
        (1,),
        ["created"],
    )
    assert (await events(company))[-1] == (
        "record.updated",
        {"object_name": made.head, "ids": [str(head)], "fields": [COUNT, HALF, SUM]},
    )


async def test_write_that_moves_nothing_rolled_up_leaves_the_head_alone(company: Tenant) -> None:
    made = await rolled(company, "untouched")
    head = await made.new_head()
    (line,) = await made.new_lines({"headId_c": head, "number_c": 3, "done_c": True})
    before = len(await events(company))

    await made.change(line, amount_c={"amount": 5})

    assert [name for name, _ in (await events(company))[before:]] == ["record.updated"]


async def test_head_that_comes_back_counts_what_went_meanwhile(company: Tenant) -> None:
    made = await rolled(company, "returned")
    head = await made.new_head()
    (line,) = await made.new_lines({"headId_c": head, "number_c": 3, "done_c": True})

    await company.write(lambda work: records.delete(work, made.head, [head]))
    await company.write(lambda work: records.delete(work, made.line, [line]))
    await company.write(lambda work: records.restore(work, made.head, [head]))

    assert await kept(made, head) == (None, 0, 0)


async def test_roll_ups_of_roll_ups_reach_the_top(company: Tenant) -> None:
    made = await rolled(company, "tower")
    await add(company, made.line, "twice", "formula", expression="number_c * 2")
    await add(company, made.head, "most", "rollUp", relation="lines_c", function="max", field="twice_c")
    head = await made.new_head()
    (line,) = await made.new_lines({"headId_c": head, "number_c": 3})

    await made.change(line, number_c=10)

    assert await made.value(head, "most_c") == (20,)


async def from_scratch(made: Family, heads: list[UUID]) -> list[tuple[Any, ...]]:  # Any: values of any type
    async def compute(work: ReadWork) -> list[tuple[Any, ...]]:
        known = await metadata.registry(work)
        found = await metadata.roll_up_values(work, known, metadata.roll_ups_of(known.shape, made.head), heads)
        return [(found[each][SUM], found[each][COUNT], found[each][LAST]) for each in heads]

    return await made.tenant.read(compute)


class Scribe:
    """Writes lines at random, one deed after the other."""

    def __init__(self, made: Family, heads: list[UUID], seed: int) -> None:
        self.made, self.heads, self.dice = made, heads, random.Random(seed)  # noqa: S311 - a repeatable story
        self.live: list[UUID] = []
        self.gone: list[UUID] = []

    async def write(self) -> None:
        deed = self.dice.choice(["new", "new", "change", "change", "delete", "restore", "destroy"])
        line, tenant = self.made.line, self.made.tenant
        if deed == "restore" and self.gone:
            back = self.gone.pop()
            await tenant.write(lambda work: records.restore(work, line, [back]))
            self.live.append(back)
        elif deed in {"delete", "destroy"} and self.live:
            out = self.live.pop(self.dice.randrange(len(self.live)))
            verb = records.delete if deed == "delete" else records.destroy
            await tenant.write(lambda work: verb(work, line, [out]))
            self.gone += [out] if deed == "delete" else []
        elif deed == "change" and self.live:
            some = self.dice.sample(self.live, min(len(self.live), 3))
            values = self._values()
            await tenant.write(lambda work: records.update(work, line, some, values))
        else:
            self.live += await self.made.new_lines(*(self._values() for _ in range(self.dice.randint(1, 3))))

    def _values(self) -> dict[str, object]:
        dice = self.dice
        return {
            "headId_c": dice.choice([*self.heads, None]),
            "number_c": dice.choice([None, dice.randint(-5, 9)]),
            "done_c": dice.choice([True, False, None]),
            "day_c": f"2026-0{dice.randint(1, 9)}-01",
        }


@pytest.mark.parametrize("seed", range(3))
async def test_random_writes_leave_what_a_computation_from_scratch_finds(company: Tenant, seed: int) -> None:
    made = await rolled(company, f"random{seed}")
    heads = [await made.new_head() for _ in range(2)]
    scribe = Scribe(made, heads, seed)

    for _ in range(40):
        await scribe.write()

        held = [(await made.value(each, SUM, COUNT, LAST, HALF)) for each in heads]
        expected = await from_scratch(made, heads)
        assert [each[:3] for each in held] == expected
        assert [each[3] for each in held] == [Decimal(each[0] or 0) / 2 for each in expected]


async def test_many_writers_over_one_head_are_all_counted(company: Tenant) -> None:
    made = await rolled(company, "crowd")
    heads = [await made.new_head()]
    scribes = [Scribe(made, heads, seed) for seed in range(50)]

    async def write(scribe: Scribe) -> None:
        for _ in range(4):
            await scribe.write()

    await asyncio.gather(*map(write, scribes))

    assert [(await made.value(heads[0], SUM, COUNT, LAST))] == await from_scratch(made, heads)
    assert (await registry_of(company)).shape.field(made.head, SUM) is not None
