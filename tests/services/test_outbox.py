from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from services import outbox
from services.messages import Message
from tenants.cells import outbox as outbox_table
from tenants.errors import Conflict

if TYPE_CHECKING:
    import asyncpg

    from tenants.context import Work
    from tests.builders.tenants import Tenant

LATER = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Greet(Message):
    name = "test.greet"
    queue = "slow"

    record_id: UUID
    words: str


async def waiting(tenant: Tenant) -> list[asyncpg.Record]:
    query = (
        sa
        .select(outbox_table)
        .where(outbox_table.c.tenant == tenant.placement.schema, outbox_table.c.message == "test.greet")
        .order_by(outbox_table.c.id)
    )
    return await tenant.installation.cells.rows(tenant.placement.cell, "relay", query)


async def test_a_message_is_a_row_of_the_transaction(tenant: Tenant) -> None:
    async def put(work: Work) -> list[str]:
        await outbox.put(work, Greet(UUID(int=1), "你好"))
        await outbox.put(work, Greet(UUID(int=2), "再见"), not_before=LATER)
        return work.touched

    assert await tenant.write(put) == ["test.greet", "test.greet"]
    now, later = await waiting(tenant)
    assert (now["payload"], now["queue"], now["state"]) == (
        {"record_id": str(UUID(int=1)), "words": "你好"},
        "slow",
        "waiting",
    )
    assert now["not_before"] == now["created_at"]
    assert later["not_before"] == LATER


async def test_a_message_goes_with_the_transaction_that_fails(tenant: Tenant) -> None:
    async def put(work: Work) -> None:
        await outbox.put(work, Greet(UUID(int=1), "你好"))
        raise Conflict

    with pytest.raises(Conflict):
        await tenant.write(put)
    assert await waiting(tenant) == []
