"""A pilot withdrawn: what it covered is retired by the verbs that retire anything, so that its values are kept.

Rules and layouts go first, then fields before what they read, then objects. What somebody else has come to use since is
refused as ever, and the pilot runs on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.layouts import layout
from schema.tables.pilots import PilotState
from services import field_rules, layouts, metadata
from services.identity import access
from services.permissions import Covered
from services.pilots.piloting import ended, running
from tenants.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.metadata import Snapshot
    from services.permissions import Coordinate, Pilot
    from services.pilots.piloting import Piloted
    from tenants.context import DefinitionWork


async def withdraw_pilot(work: DefinitionWork, pilot_id: UUID, *, if_version: int | None = None) -> Piloted:
    """Retire what it covered; nobody sees it any longer, and bringing it back brings its values back to all."""
    await access.require_definitions(work)
    before = await running(work, pilot_id)
    gathering = metadata.gather(work, await metadata.opened(work), rehearses=False)
    await _retire_rules(gathering, before)
    await _forget_layouts(gathering, before)
    snapshot = await metadata.opened(gathering)
    await _retire(gathering, _standing(snapshot, before, Covered.FIELD))
    await _retire(gathering, _standing(snapshot, before, Covered.OBJECT))
    # One change of definitions, which is taken back as one.
    await metadata.publish_gathered(gathering)
    return await ended(work, before, PilotState.WITHDRAWN, if_version=if_version)


async def _retire_rules(work: DefinitionWork, before: Pilot) -> None:
    snapshot = await metadata.opened(work)
    things = [each for each in snapshot.objects if not each.is_retired]
    live = {each.id for thing in things for each in thing.validation if each.is_live}
    unique = {each.id for thing in things for each in thing.indexes if each.is_live}
    for each in before.coordinates:
        if each.kind is Covered.VALIDATION_RULE and each.id in live:
            await field_rules.retire_validation_rule(work, each.id)
        elif each.kind is Covered.UNIQUE_RULE and each.id in unique:
            await field_rules.retire_unique_rule(work, each.id)


async def _forget_layouts(work: DefinitionWork, before: Pilot) -> None:
    """A layout holds no values: who wants it again arranges it again."""
    for each in before.coordinates:
        if each.kind is Covered.LAYOUT and await work.session.scalar(
            sa.select(layout.c.id).where(layout.c.id == each.id)
        ):
            await layouts.delete_layout(work, each.id, if_version=None)


def _standing(snapshot: Snapshot, before: Pilot, kind: Covered) -> list[Coordinate]:
    """What of one kind is still live; fields that read others come before them."""
    found = []
    for each in before.coordinates:
        thing = snapshot.by_name[each.object_name]
        field = thing.field(each.field_name)
        if each.kind is kind and not thing.is_retired and not (field is not None and field.is_retired):
            found.append(each)
    sources = snapshot.registry.shape.derivations.sources
    return sorted(found, key=lambda each: -len(sources.get((each.object_name, each.field_name), ())))


async def _retire(work: DefinitionWork, coordinates: Sequence[Coordinate]) -> None:
    """Each as soon as nothing else keeps it; in rounds, because one may keep another."""
    left = list(coordinates)
    while left:
        kept, refusal = [], None
        for each in left:
            try:
                await _retire_one(work, each)
            except Conflict as fault:
                kept.append(each)
                refusal = fault
        if refusal is not None and len(kept) == len(left):
            raise refusal
        left = kept


async def _retire_one(work: DefinitionWork, each: Coordinate) -> None:
    if each.kind is Covered.FIELD:
        await metadata.retire_field(work, each.object_name, each.field_name)
    else:
        await metadata.retire_object(work, each.object_name, confirm=each.object_name)
