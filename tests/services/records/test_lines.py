"""[A3] Lines of a record: which are changed, which are new and which go, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services.records.crowding import LARGEST_TABLE
from services.records.errors import TooManyLines, TooManyRecords
from tests.builders.records import Traces, create, create_one, history, lines_of, refused, stored, traces, update

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

LINE = {"quantity": "1"}


async def quote_with(tenant: Tenant, *described: str, person: str = "sales") -> tuple[UUID, list[str]]:
    """A quote and the ids of its lines."""
    quote = await create_one(
        tenant, "quote", person=person, lines=[{"description": each, **LINE} for each in described]
    )
    return quote, [str(line["id"]) for line in await lines_of(tenant, quote)]


async def test_new_lines_stand_in_order_and_belong_to_the_owner_of_the_head(company: Tenant) -> None:
    manager = company.user_id("manager")

    quote = await create_one(
        company, "quote", person="admin", ownerId=str(manager), lines=[{"description": "a", **LINE}, {"quantity": "2"}]
    )

    told = [(line["position"], line["description"], line["owner_id"]) for line in await lines_of(company, quote)]
    assert told == [(1, "a", manager), (2, None, manager)]


async def test_each_line_leaves_its_own_history_and_the_head_a_version(company: Tenant) -> None:
    quote, (first, second) = await quote_with(company, "a", "b")
    before = await traces(company)

    await update(company, "quote", quote, person="sales", lines=[{"id": first}, {"id": second, "quantity": "3"}])

    assert await traces(company) - before == Traces(2, 2, 2)
    assert [(version, verb) for version, verb, _ in await history(company, quote)] == [(1, "created"), (2, "updated")]


async def test_lines_that_stay_as_they_are_write_nothing(company: Tenant) -> None:
    quote, ids = await quote_with(company, "a", "b")
    before = await traces(company)

    await update(company, "quote", quote, person="sales", lines=[{"id": each} for each in ids])

    assert await traces(company) == before


@pytest.mark.parametrize("none", [None, []])
async def test_no_lines_take_all_of_them_away(company: Tenant, none: object) -> None:
    quote, _ = await quote_with(company, "a", "b")

    await update(company, "quote", quote, person="sales", lines=none)

    assert await lines_of(company, quote) == []


async def test_ids_that_name_no_line_of_the_head_are_refused_with_their_place(company: Tenant) -> None:
    quote, (line,) = await quote_with(company, "a")
    _, (other,) = await quote_with(company, "b")
    given = [{"id": line}, {"id": other}, {"id": "x"}, {"id": line}, {"id": str(quote)}, {"quantity": "-1"}]

    found = await refused(update(company, "quote", quote, person="sales", lines=given))

    assert found == [
        ((0, "lines", 1, "id"), "LINE_NOT_FOUND"),
        ((0, "lines", 2, "id"), "NOT_AN_ID"),
        ((0, "lines", 3, "id"), "LINE_REPEATED"),
        ((0, "lines", 4, "id"), "LINE_NOT_FOUND"),
        ((0, "lines", 5, "quantity"), "OUT_OF_RANGE"),
    ]
    assert len(await lines_of(company, quote)) == 1


async def test_a_new_record_has_no_lines_to_be_named(company: Tenant) -> None:
    _, (line,) = await quote_with(company, "a")

    assert await refused(create(company, "quote", {"lines": [{"id": line, **LINE}]})) == [
        ((0, "lines", 0, "id"), "LINE_NOT_FOUND")
    ]


async def test_lines_that_the_caller_does_not_see_stay(company: Tenant) -> None:
    quote, (line,) = await quote_with(company, "a")
    hidden = await create_one(company, "quoteLine", quoteId=str(quote), person="", **LINE)

    await update(company, "quote", quote, person="sales", lines=[])

    assert [each["id"] for each in await lines_of(company, quote)] == [hidden]
    assert await refused(update(company, "quote", quote, person="sales", lines=[{"id": str(hidden)}])) == [
        ((0, "lines", 0, "id"), "LINE_NOT_FOUND")
    ]
    assert (await stored(company, "quote_line", UUID(line)))["deleted_at"] is not None


async def test_more_lines_than_a_head_may_have_are_too_many(company: Tenant) -> None:
    quote, ids = await quote_with(company, "a")
    kept = [{"id": each} for each in ids]
    before = await traces(company)

    with pytest.raises(TooManyLines):
        await create(company, "quote", {"lines": [LINE] * (LARGEST_TABLE + 1)})
    with pytest.raises(TooManyLines):
        await update(company, "quote", quote, person="sales", lines=[*kept, *[LINE] * LARGEST_TABLE])
    with pytest.raises(TooManyRecords):
        await create(company, "quote", *({"lines": [LINE] * 400} for _ in range(3)))

    assert await traces(company) == before
    await update(company, "quote", quote, person="sales", lines=[*kept, *[LINE] * (LARGEST_TABLE - 1)])
    assert len(await lines_of(company, quote)) == LARGEST_TABLE
