"""[A4] A unique rule over several fields of a large table is finished by the background."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from services import jobs
from services.field_rules import BuildUniqueRule
from tests.builders.jobs import job_row

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import DefinitionWork
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_rule_that_is_settled_already_is_left_alone(tenant: Tenant, cell: Cell) -> None:
    async def order(work: DefinitionWork) -> UUID:
        return await jobs.ask(work, lambda job_id: BuildUniqueRule(uuid4(), job_id))

    job_id = await tenant.define(order)

    await cell.drain()

    assert (await job_row(tenant, job_id))["state"] == "done"
