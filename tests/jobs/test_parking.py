"""Parked messages are listed with their reason, and run again when an operator says so [D4]."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from jobs import attempts, parking
from jobs.parking import Parked
from schema.tables.jobs import job
from tenants.clock import utc_now

if TYPE_CHECKING:
    import asyncpg

    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

NOW = utc_now()
POISON: dict[str, Any] = {  # Any: columns of every type
    "state": "parked",
    "reason": attempts.QUARANTINED,
    "attempts": 3,
    "finished_at": NOW,
}


async def parked_job(tenant: Tenant, *, state: str = "parked") -> UUID:
    job_id = uuid4()
    row = {"id": job_id, "kind": "test.act", "state": state, "reason": "INVALID", "finished_at": NOW}
    await tenant.write(lambda work: work.session.execute(sa.insert(job).values(**row)))
    return job_id


async def job_of(tenant: Tenant) -> asyncpg.Record:
    (row,) = await tenant.read(lambda work: work.session.rows(sa.select(job)))
    return row


async def test_parked_messages_are_listed_newest_first(cell: Cell, shared_tenant: Tenant) -> None:
    await cell.put(number=2)
    await cell.put(state="done", finished_at=NOW)
    schema, job_id = shared_tenant.placement.schema, uuid4()
    (known,) = await cell.put(schema, message="test.act", payload={"job_id": str(job_id)}, **POISON)
    (older,) = await cell.put(**{**POISON, "reason": None, "finished_at": NOW - timedelta(days=1)})

    assert await parking.each_parked(cell.installation) == [
        Parked(
            known, cell.name, schema, shared_tenant.placement.slug, "test.act", attempts.QUARANTINED, 3, NOW, job_id
        ),
        Parked(older, cell.name, "t_nobody", "", "test.nothing", "", 3, NOW - timedelta(days=1), None),
    ]


async def test_replayed_message_starts_as_if_for_the_first_time(cell: Cell, tenant: Tenant) -> None:
    job_id = await parked_job(tenant)
    payload = {"job_id": str(job_id)}
    (message_id,) = await cell.put(tenant.placement.schema, payload=payload, retries=1, sends=2, **POISON)
    (found,) = await parking.each_parked(cell.installation)

    first, again = [await parking.replay(cell.installation, found) for _ in range(2)]

    row, shown = await cell.message(message_id), await job_of(tenant)
    assert (first, again) == (True, False)
    assert (row["state"], row["attempts"], row["retries"], row["sends"]) == ("waiting", 0, 0, 0)
    assert (row["reason"], row["finished_at"]) == (None, None)
    assert (shown["state"], shown["reason"], shown["finished_at"], shown["version"]) == ("queued", None, None, 2)
    (started,) = await cell.rows(attempts.start(message_id))
    assert (attempts.is_poison(started), started["attempts"]) == (False, 1)


async def test_message_of_no_tenant_waits_for_one(cell: Cell) -> None:
    (message_id,) = await cell.put(**POISON)
    (found,) = await parking.each_parked(cell.installation)

    assert await parking.replay(cell.installation, found)
    assert (await cell.message(message_id))["state"] == "waiting"


async def test_job_that_ended_stays_as_it_ended(cell: Cell, tenant: Tenant) -> None:
    job_id = await parked_job(tenant, state="done")
    await cell.put(tenant.placement.schema, **POISON)
    (found,) = await parking.each_parked(cell.installation)

    await parking.replay(cell.installation, replace(found, job_id=job_id))

    shown = await job_of(tenant)
    assert (shown["state"], shown["reason"], shown["version"]) == ("done", "INVALID", 1)
