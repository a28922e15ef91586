"""The verbs on pilots: started over what is new, given another group, released to all.

Each moves `access_version`: the next request of every process goes by it. The rows say who is in a group; what that
closes to all others is worked out where policies are made (`services.permissions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.errors import Required
from schema.metadata.fields import Field
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.permissions import department, role, user
from schema.tables.pilots import PilotState, pilot
from services import audit
from services.identity import access, inputs
from services.metadata import AlreadyPiloted, Findings
from services.permissions import Group, pilot_of, running_pilots
from services.pilots import covering
from services.pilots.errors import PilotNotFound, PilotOver, TooManyCoordinates, TooManyMembers, TooManyPilots
from tenants.context import Moving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.permissions import Coordinate, Pilot
    from services.pilots.drafts import GroupDraft, PilotDraft
    from tenants.context import DefinitionWork
    from tenants.errors import Violation

MOST_RUNNING = 20
MOST_COORDINATES = 200
MOST_MEMBERS = 500
LONGEST_TITLE = 100
OBJECT = "pilot"
_TITLE = (inputs.Input(Field("title", "text", required=True, options=(("maxLength", LONGEST_TITLE),)), "title"),)


@dataclass(frozen=True, slots=True)
class Piloted:
    """A pilot after a verb."""

    id: UUID
    title: str
    state: PilotState


async def start_pilot(work: DefinitionWork, draft: PilotDraft, *, is_new: bool = False) -> Piloted:
    """Keep what is new to a group. `is_new` where this transaction made it, so that what it holds came with it."""
    await access.require_definitions(work)
    found = Findings()
    title = inputs.plain(_TITLE, {"title": draft.title}, creating=True)
    _note(found, title.violations)
    group = await _group(work, found, draft.group)
    if len(draft.coordinates) > MOST_COORDINATES:
        raise TooManyCoordinates(max=MOST_COORDINATES)
    placed = await covering.covered(work, found, draft.coordinates, is_new=is_new)
    if not draft.coordinates:
        found.note(Required(), "coordinates")
    await _refuse_others(work, found, placed)
    found.settle()
    pilot_id = work.ids.new(SYSTEM_OBJECTS[OBJECT][1].number)
    row = {
        "title": title.values["title"],
        "group": group.stored(),
        "coordinates": [each.stored() for _, each in placed],
        "started_by_id": work.principal.user_id,
    }
    # The moment of the row is that of the transaction, like everything else that it says.
    moments = {"created_at": work.now, "updated_at": work.now}
    await work.session.execute(sa.insert(pilot).values(id=pilot_id, state=PilotState.RUNNING, **row, **moments))
    details = {name: row[name] for name in ("title", "group", "coordinates")}
    return await _moved(work, "pilot.started", Piloted(pilot_id, str(row["title"]), PilotState.RUNNING), details)


async def change_pilot_group(
    work: DefinitionWork, pilot_id: UUID, draft: GroupDraft, *, if_version: int | None = None
) -> Piloted:
    """Let others be in it."""
    await access.require_definitions(work)
    before = await running(work, pilot_id)
    found = Findings()
    group = await _group(work, found, draft)
    found.settle()
    await access.update_versioned(work, pilot, pilot_id, {"group": group.stored()}, if_version=if_version)
    details = {"before": before.group.stored(), "group": group.stored()}
    return await _moved(work, "pilot.groupChanged", Piloted(pilot_id, before.title, PilotState.RUNNING), details)


async def release_pilot(work: DefinitionWork, pilot_id: UUID, *, if_version: int | None = None) -> Piloted:
    """Let everybody see what it covered, as far as roles go."""
    await access.require_definitions(work)
    before = await running(work, pilot_id)
    return await ended(work, before, PilotState.RELEASED, if_version=if_version)


async def recall_pilot(work: DefinitionWork, pilot_id: UUID) -> Piloted:
    """A pilot as it is now, for a mutation that was sent twice."""
    await access.require_definitions(work)
    found = await work.session.row(sa.select(pilot.c.title, pilot.c.state).where(pilot.c.id == pilot_id))
    if found is None:
        raise PilotNotFound
    return Piloted(pilot_id, found["title"], PilotState(found["state"]))


# --- parts ------------------------------------------------------------------------------------------------------------


async def running(work: DefinitionWork, pilot_id: UUID) -> Pilot:
    """A pilot that runs. `state` is locked by definition work, so it stays as it is until the commit."""
    row = await work.session.row(sa.select(pilot).where(pilot.c.id == pilot_id))
    if row is None:
        raise PilotNotFound
    if row["state"] != PilotState.RUNNING:
        raise PilotOver
    return pilot_of(row)


async def ended(work: DefinitionWork, before: Pilot, state: PilotState, *, if_version: int | None) -> Piloted:
    """It hides nothing any longer."""
    values = {"state": state, "ended_at": work.now}
    await access.update_versioned(work, pilot, before.id, values, if_version=if_version)
    details = {"title": before.title, "coordinates": [each.stored() for each in before.coordinates]}
    return await _moved(work, f"pilot.{state.value}", Piloted(before.id, before.title, state), details)


async def _moved(work: DefinitionWork, action: str, done: Piloted, details: Mapping[str, object]) -> Piloted:
    work.moves.add(Moving.ACCESS)
    await audit.append(work, [audit.Entry(action, OBJECT, done.id, details=details)])
    return done


async def _group(work: DefinitionWork, found: Findings, draft: GroupDraft) -> Group:
    named = (
        ("roleIds", draft.role_ids, role),
        ("departmentIds", draft.department_ids, department),
        ("departmentTreeIds", draft.tree_ids, department),
        ("userIds", draft.user_ids, user),
    )
    if sum(len(ids) for _, ids, _ in named) > MOST_MEMBERS:
        raise TooManyMembers(max=MOST_MEMBERS)
    read = inputs.Draft({}, [])
    ids = [frozenset(await inputs.targets(work, read, name, given, table)) for name, given, table in named]
    if not any(given for _, given, _ in named):
        found.note(Required(), "group")
    _note(found, read.violations, "group")
    return Group(*ids)


async def _refuse_others(work: DefinitionWork, found: Findings, placed: Sequence[tuple[int, Coordinate]]) -> None:
    others = await running_pilots(work)
    if len(others) >= MOST_RUNNING:
        raise TooManyPilots(max=MOST_RUNNING)
    titles = {each.id: other.title for other in others for each in other.coordinates}
    for at, each in placed:
        if each.id in titles:
            name = each.field_name or each.object_name
            found.note(AlreadyPiloted(name=name, title=titles[each.id]), "coordinates", at)


def _note(found: Findings, violations: Sequence[Violation], *place: str) -> None:
    for each in violations:
        found.note(each.fault, *place, *each.path)
