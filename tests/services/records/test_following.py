"""[A3 E2] Lines go with the head that is given away, with history, and its former owner has them no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services import records
from tenants.errors import NotFound
from tests.builders.records import Traces, create, create_one, history, lines_of, stored, traces, update

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

LINE = {"quantity": "1"}


async def owners(tenant: Tenant, quote: UUID) -> list[UUID | None]:
    return [line["owner_id"] for line in await lines_of(tenant, quote)]


async def give(tenant: Tenant, quote: UUID, to: str, **more: Any) -> None:  # Any: as a client writes it
    await update(tenant, "quote", quote, person="manager", ownerId=str(tenant.user_id(to)), **more)


async def test_lines_go_with_their_head_also_those_in_the_bin(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales", lines=[LINE, LINE])
    other = await create_one(company, "quote", person="sales", lines=[LINE])
    line, gone = [each["id"] for each in await lines_of(company, quote)]
    await company.write(lambda work: records.delete(work, "quoteLine", [gone]), person="sales")
    before = await traces(company)

    await give(company, quote, "colleague")

    sales, colleague = company.user_id("sales"), company.user_id("colleague")
    assert await traces(company) - before == Traces(3, 3, 3)
    assert (await owners(company, quote), await owners(company, other)) == ([colleague], [sales])
    assert (await stored(company, "quote_line", gone))["owner_id"] == colleague
    number, verb, changes = (await history(company, line))[-1]
    assert (number, verb, list(changes.values())) == (2, "updated", [[str(sales), str(colleague)]])


async def test_the_former_owner_neither_changes_nor_deletes_them(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales", lines=[LINE])
    (line,) = [each["id"] for each in await lines_of(company, quote)]

    await update(company, "quote", quote, ownerId=str(company.user_id("stranger")))

    with pytest.raises(NotFound):
        await update(company, "quoteLine", line, person="sales", quantity="2")
    with pytest.raises(NotFound):
        await company.write(lambda work: records.delete(work, "quoteLine", [line]), person="sales")


async def test_lines_given_in_the_same_write_go_too(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales", lines=[LINE, LINE])
    first, second = [each["id"] for each in await lines_of(company, quote)]

    await give(company, quote, "colleague", lines=[{"id": str(first), "quantity": "2"}, LINE])

    assert await owners(company, quote) == [company.user_id("colleague")] * 2
    assert (await stored(company, "quote_line", second))["owner_id"] == company.user_id("colleague")


async def test_a_line_of_somebody_else_stays_his(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales", lines=[LINE])
    await create_one(company, "quoteLine", person="manager", quoteId=str(quote), **LINE)

    await give(company, quote, "colleague")

    assert await owners(company, quote) == [company.user_id("colleague"), company.user_id("manager")]


async def test_more_lines_than_one_statement_writes_go_all_the_same(company: Tenant) -> None:
    quotes = await create(company, "quote", {}, {}, {}, person="sales")
    for quote in quotes:
        given = [{"quoteId": str(quote), **LINE}] * 400
        await create(company, "quoteLine", *given, person="sales")
    new = {"ownerId": str(company.user_id("colleague"))}

    await company.write(lambda work: records.update(work, "quote", quotes, new), person="manager")

    assert {each for quote in quotes for each in await owners(company, quote)} == {company.user_id("colleague")}
