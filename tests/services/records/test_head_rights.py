"""[A3 E2] Lines are written by who may change their head, whichever way they come, move or go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import records, sharing
from services.permissions import ActionNotAllowed
from services.records.errors import ObjectNotWritable
from tests.builders.records import create, create_one, lines_of, refused, traces, update

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from services.records import Written
    from tenants.context import Work
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

LINE = {"quantity": "1"}


async def read_only_quote(tenant: Tenant, **given: object) -> UUID:
    """A colleague's quote that a sales person may read."""
    quote = await create_one(tenant, "quote", person="colleague", **given)
    await share(tenant, quote, "read")
    return quote


async def share(tenant: Tenant, record: UUID, reach: str) -> None:
    given = {"recordId": record, "reach": reach, "userId": tenant.user_id("sales")}
    await tenant.write(lambda work: sharing.share_record(work, given), person="colleague")


async def own_line(tenant: Tenant, quote: UUID) -> UUID:
    """A line that a sales person owns on whatever quote."""
    return await create_one(tenant, "quoteLine", quoteId=str(quote), ownerId=str(tenant.user_id("sales")), **LINE)


async def by_sales(tenant: Tenant, verb: Callable[[Work, str, Sequence[UUID]], Awaitable[Written]], line: UUID) -> None:
    await tenant.write(lambda work: verb(work, "quoteLine", [line]), person="sales")


async def kept(tenant: Tenant, attempt: Awaitable[object]) -> None:
    before = await traces(tenant)
    with pytest.raises(ObjectNotWritable) as caught:
        await attempt
    assert caught.value.details == {"object": "quote"}
    assert await traces(tenant) == before


async def test_who_reads_a_head_adds_no_line_to_it(company: Tenant) -> None:
    quote = await read_only_quote(company)

    await kept(company, create(company, "quoteLine", {"quoteId": str(quote), **LINE}, person="sales"))

    assert await lines_of(company, quote) == []


async def test_who_reads_a_head_moves_no_line_to_it_or_from_it(company: Tenant) -> None:
    quote, own = await read_only_quote(company), await create_one(company, "quote", person="sales", lines=[LINE])
    (mine,) = await lines_of(company, own)
    there = await own_line(company, quote)

    await kept(company, update(company, "quoteLine", mine["id"], person="sales", quoteId=str(quote)))
    await kept(company, update(company, "quoteLine", there, person="sales", quoteId=str(own)))


async def test_who_reads_a_head_neither_changes_deletes_nor_restores_its_lines(company: Tenant) -> None:
    quote = await read_only_quote(company)
    line, gone = await own_line(company, quote), await own_line(company, quote)
    await company.write(lambda work: records.delete(work, "quoteLine", [gone]))

    await kept(company, update(company, "quoteLine", line, person="sales", quantity="2"))
    for verb, each in (
        (records.delete, line),
        (records.destroy, line),
        (records.destroy, gone),
        (records.restore, gone),
    ):
        await kept(company, by_sales(company, verb, each))


async def test_a_head_out_of_sight_keeps_its_lines(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="stranger")
    line = await own_line(company, quote)

    await kept(company, update(company, "quoteLine", line, person="sales", quantity="2"))
    assert await refused(create(company, "quoteLine", {"quoteId": str(quote), **LINE}, person="sales")) == [
        ((0, "quoteId"), "RELATION_NOT_FOUND")
    ]


async def test_who_may_change_a_head_writes_its_lines_by_themselves(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="colleague")
    await share(company, quote, "update")

    line = await create_one(company, "quoteLine", person="sales", quoteId=str(quote), **LINE)
    await update(company, "quoteLine", line, person="sales", quantity="2")
    for verb in (records.delete, records.restore, records.destroy):
        await by_sales(company, verb, line)

    assert await lines_of(company, quote) == []


async def test_lines_do_not_come_back_before_their_head(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales", lines=[LINE, LINE])
    first, second = [line["id"] for line in await lines_of(company, quote)]
    await company.write(lambda work: records.delete(work, "quoteLine", [first]), person="sales")
    await company.write(lambda work: records.delete(work, "quote", [quote]), person="sales")

    attempt = company.write(lambda work: records.restore(work, "quoteLine", [first, second]), person="sales")

    assert await refused(attempt) == [((0,), "RELATION_NOT_FOUND"), ((1,), "RELATION_NOT_FOUND")]
    await company.write(lambda work: records.restore(work, "quote", [quote]), person="sales")
    await company.write(lambda work: records.restore(work, "quoteLine", [first]), person="sales")
    assert len(await lines_of(company, quote)) == 2


async def test_a_line_in_the_bin_of_a_decided_quote_is_not_destroyed(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales", lines=[LINE])
    (line,) = await lines_of(company, quote)
    await company.write(lambda work: records.delete(work, "quoteLine", [line["id"]]), person="sales")
    await update(company, "quote", quote, status="approved")

    with pytest.raises(ActionNotAllowed):
        await company.write(lambda work: records.destroy(work, "quoteLine", [line["id"]]), person="sales")

    await company.write(lambda work: records.delete(work, "quote", [quote]), person="sales")
    await company.write(lambda work: records.destroy(work, "quote", [quote]), person="sales")
