"""[A3] A head and its lines are written by one verb: nothing of either where something is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services import records
from services.records.errors import TooManyRecords
from services.records.upserting import MOST_WHOLE
from tests.builders.metadata import add_field
from tests.builders.records import Traces, create, create_one, lines_of, refused, traces, update

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from services.records import Written
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


@pytest.fixture(scope="module")
async def coded(company: Tenant) -> Tenant:
    """Quotes with a number of somebody else's that is theirs alone."""
    await add_field(company, "quote", name="code", is_unique=True)
    return company


async def upsert(tenant: Tenant, *given: dict[str, Any], skip_errors: bool = False) -> Written:
    return await tenant.write(lambda work: records.upsert(work, "quote", given, by="code_c", skip_errors=skip_errors))


async def quantities(tenant: Tenant, quote: UUID) -> list[Decimal]:
    return [line["quantity"] for line in await lines_of(tenant, quote)]


async def test_an_upsert_writes_records_with_their_lines(coded: Tenant) -> None:
    known = await create_one(coded, "quote", code_c="1", lines=[LINE, {"quantity": "2"}])
    kept = (await lines_of(coded, known))[1]["id"]

    written = await upsert(
        coded,
        {"code_c": "2", "lines": [LINE]},
        {"code_c": "1", "discount": "10", "lines": [{"id": str(kept), "quantity": "3"}, {"quantity": "4"}]},
        {"code_c": "3"},
    )

    made, changed, bare = written.ids
    assert changed == known
    assert [await quantities(coded, each) for each in (made, changed, bare)] == [[1], [3, 4], []]
    assert kept in {line["id"] for line in await lines_of(coded, known)}


async def test_everything_wrong_with_an_upsert_is_told_with_its_place_and_nothing_is_written(coded: Tenant) -> None:
    known = await create_one(coded, "quote", code_c="11", lines=[LINE])
    before = await traces(coded)

    found = await refused(
        upsert(
            coded,
            {"code_c": "12", "lines": [{"quantity": "x"}]},
            {"code_c": "11", "discount": "400", "lines": [{"quantity": "y"}]},
            {"code_c": "13", "lines": [LINE]},
        )
    )

    assert found == [((0, "lines", 0, "quantity"), "WRONG_TYPE"), ((1, "discount"), "OUT_OF_RANGE")]
    assert await traces(coded) == before
    assert await quantities(coded, known) == [1]


async def test_an_upsert_has_no_more_lines_than_any_other_mutation(coded: Tenant) -> None:
    await create(coded, "quote", *({"code_c": f"3{at}"} for at in range(3)))

    with pytest.raises(TooManyRecords):
        await upsert(coded, *({"code_c": f"3{at}", "lines": [LINE] * 334} for at in range(3)))


async def test_an_upsert_changes_a_hundred_records_with_lines(coded: Tenant) -> None:
    codes = [f"4{at}" for at in range(MOST_WHOLE + 1)]
    await create(coded, "quote", *({"code_c": code} for code in codes))

    with pytest.raises(TooManyRecords):
        await upsert(coded, *({"code_c": code, "lines": []} for code in codes))


async def test_of_what_an_upsert_leaves_out_nothing_stays(coded: Tenant) -> None:
    known = await create_one(coded, "quote", code_c="21", lines=[LINE, LINE])

    written = await upsert(
        coded,
        {"code_c": "21", "lines": [{"quantity": "y"}]},
        {"code_c": "22", "lines": [{"quantity": "x"}]},
        {"code_c": "23", "lines": [LINE]},
        skip_errors=True,
    )

    assert [(each.path, each.fault.code) for each in written.violations] == [
        ((0, "lines", 0, "quantity"), "WRONG_TYPE"),
        ((1, "lines", 0, "quantity"), "WRONG_TYPE"),
    ]
    (made,) = written.ids
    assert [await quantities(coded, each) for each in (known, made)] == [[1, 1], [1]]
