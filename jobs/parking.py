"""Messages that were parked, for the operator: which they are, and another chance for them once their cause is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from jobs import attempts
from services import jobs
from tenants.cells import RELAY
from tenants.context import SYSTEM, Origin

if TYPE_CHECKING:
    from tenants.installation import Installation

_ORIGIN = Origin(request_id="cli")


@dataclass(frozen=True, slots=True)
class Parked:
    """One message, where it is, and why it stopped. Without a tenant: its schema is that of no active one."""

    id: UUID
    cell: str
    schema: str
    tenant: str
    message: str
    reason: str
    attempts: int
    parked_at: datetime
    job_id: UUID | None


async def each_parked(installation: Installation) -> list[Parked]:
    """The parked messages of all cells, those that were parked last first, a bounded number of each cell."""
    found = []
    for cell in await installation.catalog.cells():
        for row in await installation.cells.rows(cell, RELAY, attempts.parked()):
            placement = await installation.catalog.placement_by_schema(cell, row["tenant"])
            job_id = row["payload"].get("job_id")
            found.append(
                Parked(
                    id=row["id"],
                    cell=cell,
                    schema=row["tenant"],
                    tenant=placement.slug if placement else "",
                    message=row["message"],
                    reason=row["reason"] or "",
                    attempts=row["attempts"],
                    parked_at=row["finished_at"],
                    job_id=UUID(job_id) if job_id else None,
                )
            )
    return sorted(found, key=lambda each: (each.parked_at, each.id), reverse=True)


async def replay(installation: Installation, message: Parked) -> bool:
    """Let it wait again as if it had never been started; false if it is not parked any more.

    The job that its user watches is queued first: where that is all that happened, the message can be replayed again.
    """
    placement = await installation.catalog.placement_by_schema(message.cell, message.schema)
    job_id = message.job_id
    if placement is not None and job_id is not None:
        await installation.transactions.write(placement, SYSTEM, _ORIGIN, lambda work: jobs.requeue(work, job_id))
    is_back = await installation.cells.execute(message.cell, RELAY, attempts.replay(message.id)) == 1
    if placement is not None:
        await installation.hints.publish(placement)
    return is_back
