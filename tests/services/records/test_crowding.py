"""[A3] A record has so many lines and no more, whichever way they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import records
from services.records.crowding import LARGEST_TABLE
from services.records.errors import TooManyLines
from tests.builders.records import create, create_one, lines_of, traces, update

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

LINE = {"quantity": "1"}


async def test_lines_that_come_by_themselves_are_counted_with_those_there(company: Tenant) -> None:
    quote = await create_one(company, "quote", lines=[LINE] * (LARGEST_TABLE - 1))
    await create_one(company, "quoteLine", quoteId=str(quote), **LINE)
    before = await traces(company)

    with pytest.raises(TooManyLines) as caught:
        await create(company, "quoteLine", {"quoteId": str(quote), **LINE})

    assert caught.value.details == {"max": LARGEST_TABLE}
    assert await traces(company) == before


async def test_lines_of_several_heads_are_counted_apart(company: Tenant) -> None:
    quotes = await create(company, "quote", {}, {})

    made = await create(company, "quoteLine", *({"quoteId": str(each), **LINE} for each in quotes for _ in range(300)))

    assert len(made) == 600


async def test_lines_that_move_to_a_head_are_counted_with_those_there(company: Tenant) -> None:
    full = await create_one(company, "quote", lines=[LINE] * LARGEST_TABLE)
    other = await create_one(company, "quote", lines=[LINE])
    (line,) = await lines_of(company, other)
    before = await traces(company)

    with pytest.raises(TooManyLines) as caught:
        await update(company, "quoteLine", line["id"], quoteId=str(full))

    assert caught.value.details == {"max": LARGEST_TABLE}
    assert await traces(company) == before


async def test_lines_out_of_the_bin_are_counted_with_those_there(company: Tenant) -> None:
    quote = await create_one(company, "quote", lines=[LINE] * LARGEST_TABLE)
    gone, *_ = await lines_of(company, quote)
    await company.write(lambda work: records.delete(work, "quoteLine", [gone["id"]]))
    await create_one(company, "quoteLine", quoteId=str(quote), **LINE)

    with pytest.raises(TooManyLines):
        await company.write(lambda work: records.restore(work, "quoteLine", [gone["id"]]))

    await company.write(lambda work: records.delete(work, "quote", [quote]))
    await company.write(lambda work: records.restore(work, "quote", [quote]))
    assert len(await lines_of(company, quote)) == LARGEST_TABLE
