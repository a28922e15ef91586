"""Drafting change sets: made, changed and given up by those who may define, and tried against what is live each time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.fields import Field
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.change_sets import ChangeSetState, change_set
from services import audit
from services.change_sets.errors import (
    ChangeSetNotFound,
    ChangeSetPublished,
    ChangeSetTooLarge,
    TooManyChangeSets,
    TooManySteps,
)
from services.change_sets.rehearsing import rehearse
from services.identity import access, inputs

if TYPE_CHECKING:
    from services.change_sets.rehearsing import Rehearsal
    from services.change_sets.steps import Step
    from tenants.context import DefinitionWork, ReadWork, Work

OBJECT: Final = "changeSet"
MOST_DRAFTS = 100
MOST_STEPS = 200
MOST_BYTES = 500_000
_NUMBER = SYSTEM_OBJECTS[OBJECT][1].number
_INPUTS = (inputs.Input(Field("name", "text", required=True, options=(("maxLength", 80),)), "name"),)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A change set as it is kept, with what its steps would come to now."""

    id: UUID
    version: int
    state: ChangeSetState
    rehearsal: Rehearsal


async def create_change_set(work: DefinitionWork, name: str, steps: Sequence[Step]) -> Drafted:
    """Draft changes of definitions. Nothing of them is live; what is wrong with them is told and kept with them."""
    await access.require_definitions(work)
    drafts = sa.select(sa.func.count()).select_from(change_set).where(change_set.c.state == ChangeSetState.DRAFT)
    if await work.session.scalar(drafts) >= MOST_DRAFTS:
        raise TooManyChangeSets(max=MOST_DRAFTS)
    _refuse_long(steps)
    rehearsal = await rehearse(work, steps)
    set_id = work.ids.new(_NUMBER)
    row = {"id": set_id, "name": _name(name), "created_by_id": work.principal.user_id}
    row |= {"steps": list(rehearsal.steps), "metadata_version": work.versions.metadata}
    await work.session.execute(sa.insert(change_set).values(**row, created_at=work.now, updated_at=work.now))
    await note(work, "changeSet.created", set_id, {"name": row["name"], "steps": len(steps)})
    return Drafted(set_id, 1, ChangeSetState.DRAFT, rehearsal)


async def update_change_set(
    work: DefinitionWork,
    set_id: UUID,
    *,
    name: str | None = None,
    steps: Sequence[Step] | None = None,
    if_version: int | None = None,
) -> Drafted:
    """Draft it anew; without steps they stay and are tried again."""
    row = await draft(work, set_id, if_version=if_version)
    given = row["steps"] if steps is None else steps
    _refuse_long(given)
    rehearsal = await rehearse(work, given)
    values: dict[str, object] = {"steps": list(rehearsal.steps), "metadata_version": work.versions.metadata}
    values |= {} if name is None else {"name": _name(name)}
    await access.update_versioned(work, change_set, set_id, values, if_version=if_version)
    await note(work, "changeSet.updated", set_id, {"steps": len(given)})
    return Drafted(set_id, row["version"] + 1, ChangeSetState.DRAFT, rehearsal)


async def discard_change_set(work: DefinitionWork, set_id: UUID, *, if_version: int | None = None) -> UUID:
    """Give a draft up, for good."""
    row = await draft(work, set_id, if_version=if_version)
    await work.session.execute(sa.delete(change_set).where(change_set.c.id == set_id))
    await note(work, "changeSet.discarded", set_id, {"name": row["name"], "steps": len(row["steps"])})
    return set_id


async def preview_change_set(work: ReadWork, set_id: UUID) -> Drafted:
    """What a draft would come to now: what is wrong with each step, and how it differs from what is live."""
    row = await draft(work, set_id)
    return Drafted(set_id, row["version"], ChangeSetState.DRAFT, await rehearse(work, row["steps"]))


async def find_change_set(work: ReadWork, set_id: UUID) -> Drafted:
    """A change set as it is now, whatever became of it: for a mutation that was sent twice."""
    row = await _row(work, set_id)
    steps = row["steps"] if row["state"] == ChangeSetState.DRAFT else ()
    return Drafted(set_id, row["version"], ChangeSetState(row["state"]), await rehearse(work, steps))


async def draft(work: ReadWork, set_id: UUID, *, if_version: int | None = None) -> Mapping[str, Any]:
    """The row of a draft, for somebody who may define; `state` is locked where it is about to change."""
    row = await _row(work, set_id)
    access.require_version(row["version"], if_version)
    if row["state"] != ChangeSetState.DRAFT:
        raise ChangeSetPublished
    return row


async def note(work: Work, action: str, set_id: UUID, details: Mapping[str, object]) -> None:
    """Say in the audit what was done with a change set."""
    await audit.append(work, [audit.Entry(action, OBJECT, set_id, details=details)])


async def _row(work: ReadWork, set_id: UUID) -> Mapping[str, Any]:
    await access.require_definitions(work)
    row = await work.session.row(sa.select(change_set).where(change_set.c.id == set_id))
    if row is None:
        raise ChangeSetNotFound
    return dict(row)


def _name(given: str) -> str:
    return str(inputs.plain(_INPUTS, {"name": given}, creating=True).accepted()["name"])


def _refuse_long(steps: Sequence[Step]) -> None:
    if len(steps) > MOST_STEPS:
        raise TooManySteps(max=MOST_STEPS)
    if len(json.dumps(list(steps), ensure_ascii=False).encode()) > MOST_BYTES:
        raise ChangeSetTooLarge(max=MOST_BYTES)
