"""A derived field computed anew by hand, for all records: asked for by an administrator, done by a job with its progress.

The field is read and written meanwhile. The job may run twice: what is right already stays as it is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.errors import UnknownField
from services import jobs
from services.audit import Entry, append
from services.metadata import recalculating
from services.metadata.changing import opened
from services.metadata.defining import Defined
from services.metadata.errors import NotDerived
from services.metadata.impact import records_in
from services.metadata.loading import registry
from services.metadata.messages import RecalculateField

if TYPE_CHECKING:
    from schema.metadata.fields import Coordinate
    from services.jobs import Stage, Step
    from tenants.context import DefinitionWork, Work


async def recalculate_field(work: DefinitionWork, object_name: str, name: str) -> Defined:
    """Have a derived field computed anew, with everything that is derived of it."""
    field = (await opened(work)).field(object_name, name)
    if field.is_retired:
        raise UnknownField(object=object_name, name=name)
    if field.field.type.derivation is None:
        raise NotDerived(field=f"{object_name}.{name}")
    job_id = await jobs.ask(work, lambda made: RecalculateField(object_name, name, made))
    details = {"object": object_name, "field": name}
    await append(work, [Entry("field.recalculated", "fieldDefinition", field.id, details=details)])
    return Defined(field.id, object_name, name, job_id=job_id)


async def run_recalculation(stage: Stage, message: RecalculateField) -> None:
    """Go through every table that keeps the field or something derived of it."""
    for at in await stage.write(lambda work: _begin(work, message)):
        await jobs.go_through(stage, message.job_id, partial(_step, at))
    await stage.write(lambda work: jobs.finish(work, message.job_id))


async def _begin(work: Work, message: RecalculateField) -> tuple[Coordinate, ...]:
    known = await registry(work)
    passes = recalculating.passes(known.shape, [(message.object_name, message.field_name)])
    total = sum([await records_in(work, known.names[object_name].table) for object_name, _ in passes])
    await jobs.begin(work, message.job_id, total=total)
    return passes


async def _step(at: Coordinate, work: Work, last: UUID) -> Step | None:
    return await recalculating.step(work, await registry(work), at, after=last)
