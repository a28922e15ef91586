"""[A8] A merge of two values goes from the outbox to the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.dictionaries import choose_from, regions
from tests.builders.mutations import mutate
from tests.builders.records import create_one

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_records_are_moved_by_the_background(tenant: Tenant, client_as: ClientAs, cell: Cell) -> None:
    admin = await client_as("admin")
    _, ids = await regions(admin, "houtai")
    field = await choose_from(admin, "houtai", "customer")
    made = await create_one(tenant, "customer", person="sales", name="后台", **{field: "north"})

    done = await mutate(admin, "mergeDictionaryEntries", "jobId", fromId=ids["north"], intoId=ids["east"])
    await cell.drain()

    found = await admin.data(f'{{ job(id: "{done["jobId"]}") {{ state }} customer(id: "{made}") {{ {field} }} }}')
    assert found == {"job": {"state": "done"}, "customer": {field: "east"}}
