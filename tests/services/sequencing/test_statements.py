"""Statements of sequencing: a record's rows are never parted, and a number is given once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa

from schema.tables.records import change
from services import sequencing
from services.sequencing import statements
from tenants.clock import utc_now
from tenants.ids import IdMaker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.session import Session
    from tests.builders.tenants import Tenant

T = TypeVar("T")
IDS = IdMaker()
RECORD = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


async def put(tenant: Tenant, *rows: tuple[UUID, int]) -> None:
    """Change rows of (record, version), made in this order."""
    values = [
        {"id": IDS.new(0), "object_number": 101, "record_id": record, "version": version, "kind": "updated",
         "created_at": utc_now()}
        for record, version in rows
    ]  # fmt: skip
    await tenant.write(lambda work: work.session.execute(sa.insert(change).values(values)))


async def as_sequencer(tenant: Tenant, verb: Callable[[Session], Awaitable[T]]) -> T:
    placement = tenant.placement
    async with tenant.installation.cells.begin(placement.cell, "sequencer", schema=placement.schema) as session:
        return await verb(session)


async def numbers(tenant: Tenant) -> list[tuple[int | None, int]]:
    rows = await tenant.read(lambda work: work.session.rows(sa.select(change).order_by(change.c.id)))
    return [(row["seq"], row["version"]) for row in rows]


async def test_a_batch_takes_all_rows_of_the_records_that_it_begins(tenant: Tenant) -> None:
    await put(tenant, (RECORD, 2), (uuid4(), 1), (uuid4(), 1), (RECORD, 1))

    rows = await as_sequencer(tenant, lambda session: session.rows(statements.unsequenced_changes(at_once=1)))

    assert sorted(row["version"] for row in rows) == [1, 2]
    assert {row["record_id"] for row in rows} == {RECORD}


async def test_versions_of_a_record_are_numbered_in_order_over_batches(tenant: Tenant) -> None:
    await put(tenant, (RECORD, 2), (uuid4(), 7), (RECORD, 1))
    await as_sequencer(tenant, sequencing.number_changes)
    await put(tenant, (RECORD, 3))

    await as_sequencer(tenant, sequencing.number_changes)

    assert await numbers(tenant) == [(3, 2), (2, 7), (1, 1), (4, 3)]


async def test_a_number_is_given_once(tenant: Tenant) -> None:
    await put(tenant, (RECORD, 1))
    (row,) = await as_sequencer(tenant, lambda session: session.rows(statements.unsequenced_changes()))
    give = statements.number_changes([row["id"]], first=1)

    given = [await as_sequencer(tenant, lambda session: session.execute(give)) for _ in range(2)]

    assert given == [1, 0]
    assert await as_sequencer(tenant, lambda session: session.scalar(statements.last_change())) == 1


async def test_nothing_to_number_is_nothing(tenant: Tenant) -> None:
    assert await as_sequencer(tenant, sequencing.number_changes) == 0
