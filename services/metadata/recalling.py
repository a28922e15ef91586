"""What a verb made or changed, found again by its id: the answer of a mutation that was sent twice.

It is told as it is now, retired or not, and only to those who may still define.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from services.metadata.changing import opened
from services.metadata.defining import Defined
from services.metadata.impact import lacking_in
from tenants.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork


async def recall(work: DefinitionWork, definition_id: UUID, *, job_id: UUID | None = None) -> Defined:
    """The object, field or choice with this id, beside the job that finishes it."""
    snapshot = await opened(work)
    for found in _defined(snapshot, job_id):
        if found.id == definition_id:
            return await _with_lacking(work, snapshot, found)
    raise NotFound


async def _with_lacking(work: DefinitionWork, snapshot: Snapshot, found: Defined) -> Defined:
    if not found.field_name or found.choice_key or found.job_id:
        return found
    thing = snapshot.by_name[found.object_name]
    field = thing.field(found.field_name)
    return found if field is None else replace(found, lacking=await lacking_in(work, thing, field))


def _defined(snapshot: Snapshot, job_id: UUID | None) -> Iterator[Defined]:
    for thing in snapshot.objects:
        yield Defined(thing.id, thing.name)
        for field in thing.fields:
            yield Defined(field.id, thing.name, field.name, job_id=job_id)
            for choice in field.choices:
                yield Defined(choice.id, thing.name, field.name, choice.key)
