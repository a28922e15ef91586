"""Which running pilots cover an object or a field: told to whoever is about to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.pilots import PilotState, pilot
from services import metadata
from services.metadata import Subject, Usage
from services.permissions import pilot_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.context import ReadWork

KIND = "pilot"


async def usages(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """By title. A pilot goes on without what was retired."""
    rows = await work.session.rows(sa.select(pilot).where(pilot.c.state == PilotState.RUNNING))
    return [
        Usage(KIND, each.title, each.id)
        for each in map(pilot_of, rows)
        if subject.is_named_by({(one.object_name, one.field_name) for one in each.coordinates})
    ]


metadata.provide_usages(KIND, usages)
