"""The message that `./kezhi up` leaves brings the rest of the demo company, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.jobs import job
from services import capabilities, demo
from tests.builders.tenants import make_tenant

if TYPE_CHECKING:
    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.background import Cell

assert capabilities.CAPABILITIES
pytestmark = pytest.mark.integration


async def test_rest_of_the_demo_is_loaded_by_the_background(
    cell: Cell, installation: Installation, provisioner: Provisioner
) -> None:
    tenant = await make_tenant(installation, provisioner, staff={})
    await tenant.define(lambda work: demo.staff(work, "correct horse battery"))
    await tenant.write(lambda work: demo.begin(work, customers=2))

    ended = await cell.drain()

    (row,) = await tenant.read(lambda work: work.session.rows(sa.select(job)))
    assert (row["state"], row["progress"]) == ("done", row["total"])
    assert set(ended) == {"done"}
