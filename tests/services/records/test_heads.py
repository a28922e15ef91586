"""[A3] A head and its lines are written by one verb: nothing of either where something is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import records
from tests.builders.records import Traces, create, create_one, lines_of, refused, traces, update

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

LINE = {"quantity": "1"}


async def test_a_head_and_its_lines_leave_one_trace_each(company: Tenant) -> None:
    before = await traces(company)

    await create(company, "quote", {"lines": [LINE, LINE]}, {"lines": [LINE]}, {})

    assert await traces(company) - before == Traces(6, 6, 6)


async def test_a_line_that_is_wrong_keeps_its_head_from_being_written(company: Tenant) -> None:
    before = await traces(company)

    found = await refused(create(company, "quote", {"lines": [LINE]}, {"lines": [LINE, {"quantity": "x"}]}))

    assert found == [((1, "lines", 1, "quantity"), "WRONG_TYPE")]
    assert await traces(company) == before


async def test_a_head_that_is_wrong_keeps_its_lines_as_they_are(company: Tenant) -> None:
    quote = await create_one(company, "quote", lines=[LINE, LINE])
    before = await traces(company)

    found = await refused(update(company, "quote", quote, if_version=9, discount="400", lines=[{"quantity": "x"}]))

    assert found == [
        (("discount",), "OUT_OF_RANGE"),
        ((0, "ifVersion"), "VERSION_CONFLICT"),
        ((0, "lines", 0, "quantity"), "WRONG_TYPE"),
    ]
    assert await traces(company) == before


async def test_lines_of_a_head_that_goes_to_another_owner_in_the_same_write_are_his(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales")

    await update(company, "quote", quote, ownerId=str(company.user_id("manager")), lines=[LINE])

    assert [line["owner_id"] for line in await lines_of(company, quote)] == [company.user_id("manager")]


async def test_an_upsert_takes_no_lines(company: Tenant) -> None:
    attempt = company.write(
        lambda work: records.upsert(work, "quote", [{"name": "a"}, {"name": "b", "lines": [LINE]}], by="number")
    )

    assert await refused(attempt) == [((1, "lines"), "LINES_OF_ONE_HEAD")]
