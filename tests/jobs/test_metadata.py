"""[E7] A field change that takes long is finished by a job, from the outbox to the open field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.fields import FieldState
from schema.tables.jobs import job
from services import metadata
from services.metadata import FieldChange
from services.metadata.sizes import MOST_ROWS_AT_ONCE
from tests.builders.metadata import fill_customers, indexes_of, registry_of

if TYPE_CHECKING:
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_index_of_a_long_table_is_built_by_the_background(tenant: Tenant, cell: Cell) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    changes = FieldChange(is_indexed=True)
    await tenant.define(lambda work: metadata.update_field(work, "customer", "shortName", changes), person="admin")

    await cell.drain()

    field = (await registry_of(tenant)).shape.field("customer", "shortName")
    assert field is not None
    assert (field.state, field.is_indexed) == (FieldState.LIVE, True)
    assert {"ix_customer_short_name", "ix_customer_owner_id__short_name"} <= set(await indexes_of(tenant, "customer"))
    assert await tenant.read(lambda work: work.session.scalar(sa.select(job.c.state))) == "done"
