"""[E7] Indexes are built and taken away beside readers and writers, as often as the job that does it runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from schema.metadata.physical import Key, TableIndex
from services.metadata.indexing import build_indexes, drop_indexes
from tenants.administration import administrator, connected
from tenants.sql import SCHEMA, BoundSql, render, sql
from tests.builders.metadata import fill_customers, indexes_of, stage_of
from tests.builders.processes import eventually

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_an_index_is_taken_away_beside_readers_without_stopping_writers(tenant: Tenant) -> None:
    await fill_customers(tenant, 1)
    index = TableIndex("customer_extra_idx", (Key("region"),))
    stage = stage_of(tenant)
    await build_indexes(stage, "customer", [index])
    reading, written = asyncio.Event(), asyncio.Event()

    async def read_slowly(work: ReadWork) -> None:
        await work.session.fetch(count_customers(work))
        reading.set()
        await written.wait()

    async def write() -> None:
        await reading.wait()
        dropping = asyncio.create_task(drop_indexes(stage, [index]))
        try:
            assert await eventually(lambda: waiting_drops(tenant), bool) == 1
            await fill_customers(tenant, 1, name="Written meanwhile ")
        finally:
            written.set()
            await dropping

    await asyncio.gather(tenant.read(read_slowly), write())

    assert "customer_extra_idx" not in await indexes_of(tenant, "customer")


async def waiting_drops(tenant: Tenant) -> int:
    """Who waits for others to be done before an index is taken away."""
    database = tenant.installation.settings.database
    async with connected(administrator(database, tenant.placement.cell)) as connection:
        (row,) = await connection.rows(
            BoundSql(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DROP INDEX%' AND wait_event_type = 'Lock'"
            )
        )
        return int(row[0])


def count_customers(work: ReadWork) -> BoundSql:
    return render(sql("SELECT count(*) FROM {schema}.customer", schema=SCHEMA)).bound(work.session.schema, {})


async def test_index_that_failed_half_way_is_built_anew(tenant: Tenant) -> None:
    await fill_customers(tenant, 2)
    stage, name = stage_of(tenant), "customer_unit_idx"
    plain, unique = TableIndex(name, (Key("version"),)), TableIndex(name, (Key("version"),), is_unique=True)

    with pytest.raises(asyncpg.UniqueViolationError):
        await build_indexes(stage, "customer", [unique])
    assert await is_valid(tenant, name) is False
    await build_indexes(stage, "customer", [plain])

    assert await is_valid(tenant, name) is True


async def is_valid(tenant: Tenant, index: str) -> object:
    asked = BoundSql(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = $1::regclass", (f'"{tenant.placement.schema}"."{index}"',)
    )
    ((valid,),) = await tenant.read(lambda work: work.session.fetch(asked))
    return valid
