"""Marks of tenants that wrote: the oldest first, and gone when they are dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from jobs import marks
from tenants.cells import touched

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant


async def leave(tenant: Tenant) -> UUID:
    async def mark(work: Work) -> UUID:
        mark_id = work.ids.new(0)
        await work.session.execute(sa.insert(touched).values(id=mark_id))
        return mark_id

    return await tenant.write(mark)


async def test_marks_are_read_in_order_and_forgotten_one_by_one(cell: Cell, shared_tenant: Tenant) -> None:
    first, second = await leave(shared_tenant), await leave(shared_tenant)
    schema = shared_tenant.placement.schema

    rows = await cell.cells.rows(cell.name, "sequencer", marks.oldest())
    await cell.cells.execute(cell.name, "sequencer", marks.forget([first]))

    assert [(row["id"], row["tenant"]) for row in rows] == [(first, schema), (second, schema)]
    left = await cell.cells.rows(cell.name, "sequencer", marks.oldest())
    assert [row["id"] for row in left] == [second]
