"""[A3] A line that comes to a head by itself stands behind the others, whichever way it comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.fields import Label
from services import metadata, records
from services.metadata import FieldDraft
from tests.builders.records import create, create_one, history, lines_of, somebody_waits, update

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

LINE = {"quantity": "1"}


async def quote_with(tenant: Tenant, *described: str) -> UUID:
    return await create_one(tenant, "quote", lines=[{"description": each, **LINE} for each in described])


async def told(tenant: Tenant, quote: UUID) -> list[tuple[int, str]]:
    return [(line["position"], line["description"]) for line in await lines_of(tenant, quote)]


async def test_new_lines_stand_behind_those_of_their_head_in_their_order(company: Tenant) -> None:
    one, other = await quote_with(company, "a", "b"), await quote_with(company)

    made = await create(
        company,
        "quoteLine",
        {"quoteId": str(one), "description": "c", **LINE},
        {"quoteId": str(other), "description": "x", **LINE},
        {"quoteId": str(one), "description": "d", **LINE},
    )

    assert await told(company, one) == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    assert await told(company, other) == [(1, "x")]
    ((_, _, changes),) = await history(company, made[2])
    assert 4 in [new for _, new in changes.values()]


async def test_a_line_that_moves_to_another_head_stands_at_its_end(company: Tenant) -> None:
    one, other = await quote_with(company, "a", "b"), await quote_with(company, "x", "y")
    first, *_ = await lines_of(company, one)

    await update(company, "quoteLine", first["id"], quoteId=str(other))
    await update(company, "quoteLine", first["id"], quoteId=str(other), quantity="2")

    assert await told(company, one) == [(2, "b")]
    assert await told(company, other) == [(1, "x"), (2, "y"), (3, "a")]


async def test_an_upsert_numbers_what_is_new_and_what_moves(company: Tenant) -> None:
    draft = FieldDraft(Label("行号", "Line"), "text", name="key", is_unique=True)
    await company.define(lambda work: metadata.add_field(work, "quoteLine", draft), person="admin")
    one, other = await quote_with(company, "a"), await quote_with(company, "x")

    async def put(*given: tuple[str, UUID]) -> None:
        rows = [{"key_c": key, "description": key, "quoteId": str(quote), **LINE} for key, quote in given]
        await company.write(lambda work: records.upsert(work, "quoteLine", rows, by="key_c"))

    await put(("k", one), ("l", one))
    await put(("k", other), ("l", one), ("m", other))

    assert await told(company, one) == [(1, "a"), (3, "l")]
    assert await told(company, other) == [(1, "x"), (2, "k"), (3, "m")]


async def test_writers_at_once_give_every_line_its_own_number(company: Tenant) -> None:
    quote, first_wrote = await quote_with(company), asyncio.Event()
    given = {"quoteId": str(quote), "description": "n", **LINE}

    async def slowly(work: Work) -> None:
        await records.create(work, "quoteLine", [given])
        first_wrote.set()
        await somebody_waits(company)

    async def meanwhile(work: Work) -> None:
        await first_wrote.wait()
        await records.create(work, "quoteLine", [given])

    await asyncio.gather(company.write(slowly), company.write(meanwhile))

    assert [position for position, _ in await told(company, quote)] == [1, 2]
