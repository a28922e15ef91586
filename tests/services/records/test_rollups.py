"""[A3] Roll-ups are exact after every write on the many side, whoever writes at once, in the transaction of the write."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from services import metadata, records
from tenants import administration
from tenants.sql import SCHEMA, BoundSql, ident, render, sql
from tests.builders.derived import add, family
from tests.builders.records import events, history
from tests.builders.scribes import Scribe

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork, Work
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
    assert await kept(made, first) == (None, 0, 0)
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


async def test_head_is_locked_before_its_lines_so_that_nobody_waits_in_a_circle(company: Tenant) -> None:
    made = await rolled(company, "circles")
    heads = [await made.new_head() for _ in range(4)]
    lines = await made.new_lines(
        *({"headId_c": head, "number_c": 1, "done_c": True} for head in heads for _ in range(3))
    )
    before = await deadlocks(company)

    async def change(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - a repeatable story
        for _ in range(5):
            await company.write(partial(renumber, made, dice.sample(lines, 3), dice.randint(2, 9)))

    async def cross(head: UUID) -> None:
        for limit in range(5):
            await company.write(partial(write_down, made, head, limit))

    await asyncio.gather(*map(change, range(12)), *map(cross, heads))

    assert [await made.value(each, SUM, COUNT, LAST) for each in heads] == await from_scratch(made, heads)
    assert await deadlocks(company) == before


async def test_lines_that_change_places_do_not_wait_in_a_circle(company: Tenant) -> None:
    made = await rolled(company, "places")
    heads = [await made.new_head() for _ in range(2)]
    lines = await made.new_lines(*({"headId_c": heads[at % 2], "number_c": at, "done_c": True} for at in range(8)))
    before = await deadlocks(company)

    async def move(at: int) -> None:
        for turn in range(6):
            await company.write(partial(give, made, [lines[at]], heads[(at + turn + 1) % 2]))

    await asyncio.gather(*map(move, range(8)))

    assert [await made.value(each, SUM, COUNT, LAST) for each in heads] == await from_scratch(made, heads)
    assert await deadlocks(company) == before


async def renumber(made: Family, some: list[UUID], number: int, work: Work) -> None:
    await records.update(work, made.line, some, {"number_c": number})


async def give(made: Family, some: list[UUID], head: UUID, work: Work) -> None:
    await records.update(work, made.line, some, {"headId_c": head})


async def write_down(made: Family, head: UUID, limit: int, work: Work) -> None:
    """The head first, its lines after it, in one transaction, as whoever writes them together does."""
    await records.update(work, made.head, [head], {"limit_c": limit})
    mine = await records_under(work, made, head)
    await records.update(work, made.line, mine, {"number_c": limit + 1})


async def records_under(work: Work, made: Family, head: UUID) -> list[UUID]:
    known = await metadata.registry(work)
    names = known.names[made.line]
    text = render(
        sql(
            "SELECT id FROM {schema}.{table} WHERE {head} = $1",
            schema=SCHEMA,
            table=ident(names.table),
            head=ident(names.fields["head_c"].column),
        )
    ).bind(work.session.schema, lambda slot: slot.object_name)
    return [row["id"] for row in await work.session.fetch(BoundSql(text, (head,)))]


async def deadlocks(tenant: Tenant) -> int:
    """How often PostgreSQL had to end one, as the administrator sees it."""
    address = administration.administrator(tenant.installation.settings.database, tenant.placement.cell)
    async with administration.connected(address) as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        found = await connection.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(found)
