"""[A2] A change of type on a large table is finished by the background."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from schema.tables.jobs import job
from services import jobs
from services.type_changes import ConvertField

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import DefinitionWork
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_change_that_is_settled_already_is_left_alone(tenant: Tenant, cell: Cell) -> None:
    async def order(work: DefinitionWork) -> UUID:
        return await jobs.ask(work, lambda job_id: ConvertField(uuid4(), job_id))

    job_id = await tenant.define(order)

    await cell.drain()

    assert (
        await tenant.read(lambda work: work.session.scalar(sa.select(job.c.state).where(job.c.id == job_id))) == "done"
    )
