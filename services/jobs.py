"""What users see of background work: the rows of the object `job`. Progress is written by the work itself.

A message whose dataclass has a field `job_id` is shown by that row, so that one that is parked does not look as if it
still ran.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.jobs import job

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work

_PARKED = "parked"
_ENDED = ("done", "failed", _PARKED)


async def park(work: Work, job_id: UUID, *, reason: str) -> None:
    """It stopped without an end and an operator must look. May run twice; a job that ended stays as it ended."""
    await work.session.execute(
        sa
        .update(job)
        .where(job.c.id == job_id, job.c.state.not_in(_ENDED))
        .values(state=_PARKED, reason=reason, version=job.c.version + 1, updated_at=work.now, finished_at=work.now)
    )


async def requeue(work: Work, job_id: UUID) -> None:
    """An operator lets it run again. May run twice; only a job that is parked is queued."""
    await work.session.execute(
        sa
        .update(job)
        .where(job.c.id == job_id, job.c.state == _PARKED)
        .values(state="queued", reason=None, version=job.c.version + 1, updated_at=work.now, finished_at=None)
    )
