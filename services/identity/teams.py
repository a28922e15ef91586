"""Teams: people who work together across departments. Sharing rules reach their members, so changes move `access_version`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.errors import NameTaken, RelationNotFound
from schema.metadata.fields import Field
from schema.tables.permissions import team, team_member, user
from services import audit
from services.identity import access, inputs
from services.identity.inputs import Input

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work

_NUMBER = 14
INPUTS = (Input(Field("name", "text", required=True, options=(("maxLength", 100),)), "name"),)


async def create_team(work: Work, given: Mapping[str, object]) -> UUID:
    """A team without members."""
    await access.move(work)
    team_id = work.ids.new(_NUMBER)
    values = await _read(work, team_id, given)
    await work.session.execute(sa.insert(team).values(id=team_id, **values))
    await audit.append(work, [audit.Entry("team.created", "team", team_id, details=values)])
    return team_id


async def update_team(work: Work, team_id: UUID, given: Mapping[str, object], *, if_version: int | None = None) -> None:
    """Give a team another name."""
    await access.move(work)
    values = await _read(work, team_id, given)
    before = await access.update_versioned(work, team, team_id, values, if_version=if_version)
    details = {**values, "before": before}
    await audit.append(work, [audit.Entry("team.updated", "team", team_id, details=details)])


async def add_team_member(work: Work, *, team_id: UUID, user_id: UUID) -> None:
    """Take a user into a team; twice changes nothing."""
    await access.move(work)
    await _require_both(work, team_id=team_id, user_id=user_id)
    row = {"team_id": team_id, "user_id": user_id, "created_at": work.now}
    if await work.session.execute(pg.insert(team_member).values(row).on_conflict_do_nothing()):
        await audit.append(work, [audit.Entry("team.memberAdded", "team", team_id, details={"user": user_id})])


async def remove_team_member(work: Work, *, team_id: UUID, user_id: UUID) -> None:
    """Take a user out of a team; who is not in it is not taken out."""
    await access.move(work)
    await _require_both(work, team_id=team_id, user_id=user_id)
    gone = sa.delete(team_member).where(team_member.c.team_id == team_id, team_member.c.user_id == user_id)
    if await work.session.execute(gone):
        await audit.append(work, [audit.Entry("team.memberRemoved", "team", team_id, details={"user": user_id})])


async def _read(work: Work, team_id: UUID, given: Mapping[str, object]) -> dict[str, object]:
    draft = await inputs.read(work, INPUTS, given, creating=True)
    name = draft.values.get("name")
    if name and await work.session.scalar(sa.select(team.c.id).where(team.c.name == name, team.c.id != team_id)):
        draft.refuse("name", NameTaken(name=str(name)))
    return draft.accepted()


async def _require_both(work: Work, *, team_id: UUID, user_id: UUID) -> None:
    for name, table, row_id in (("teamId", team, team_id), ("userId", user, user_id)):
        if not await work.session.scalar(sa.select(table.c.id).where(table.c.id == row_id)):
            raise inputs.refuse(name, RelationNotFound())
