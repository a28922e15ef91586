"""[A3] Records that are there, computed anew step by step, with what depends on them after them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.records import change
from services.jobs import BEFORE_ALL, Step
from services.metadata import recalculating
from services.metadata.loading import registry
from tests.builders.derived import add, family, spoil
from tests.builders.metadata import registry_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import Work
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def stepped(tenant: Tenant, at: tuple[str, str], size: int) -> list[int]:
    """How many rows each step saw."""

    def one_after(after: UUID) -> Callable[[Work], Awaitable[Step | None]]:
        async def one(work: Work) -> Step | None:
            return await recalculating.step(work, await registry(work), at, after=after, size=size)

        return one

    seen: list[int] = []
    last = BEFORE_ALL
    while True:
        done = await tenant.write(one_after(last))
        if done is None:
            return seen
        seen.append(done.count)
        last = done.last


async def test_what_depends_on_a_field_comes_after_it(company: Tenant) -> None:
    made = await family(company, "passes")
    await add(company, made.line, "twice", "formula", expression="number_c * 2")
    await add(company, made.head, "sum", "rollUp", relation="lines_c", function="sum", field="twice_c")
    await add(company, made.head, "half", "formula", expression="sum_c / 2")
    shape = (await registry_of(company)).shape

    assert recalculating.passes(shape, [(made.line, "twice_c")]) == (
        (made.line, "twice_c"),
        (made.head, "sum_c"),
        (made.head, "half_c"),
    )
    assert recalculating.passes(shape, [(made.head, "half_c")]) == ((made.head, "half_c"),)


async def test_every_row_is_looked_at_once_and_only_wrong_ones_are_written(company: Tenant) -> None:
    made = await family(company, "steps")
    await add(company, made.line, "twice", "formula", expression="number_c * 2")
    head = await made.new_head()
    lines = await made.new_lines(*({"headId_c": head, "number_c": number} for number in range(5)))
    await spoil(company, made.line, "twice_c", lines[1], 99)
    told = sa.select(sa.func.count()).select_from(change).where(change.c.kind == "derived")
    before = await company.read(lambda work: work.session.scalar(told))

    assert await stepped(company, (made.line, "twice_c"), 2) == [2, 2, 1]

    assert [await made.value(each, "twice_c", "version", of=made.line) for each in lines] == [
        (number * 2, 1) for number in range(5)
    ]
    assert await company.read(lambda work: work.session.scalar(told)) == int(str(before)) + 1


async def test_field_that_is_not_there_any_more_ends_it(company: Tenant) -> None:
    assert await stepped(company, ("customer", "gone_c"), 2) == []
    assert await stepped(company, ("gone_c", "gone_c"), 2) == []
    assert await stepped(company, ("customer", "name"), 2) == []
