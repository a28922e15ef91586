"""Which named actions a role has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.errors import RelationNotFound, UnknownChoice
from schema.tables.permissions import action_permission, role
from services import audit, permissions
from services.identity import access, inputs
from tenants.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work


async def grant_action(work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """Give a role an action; twice changes nothing more."""
    action = await _begin(work, role_id, given, if_version)
    row = {"role_id": role_id, "action": action}
    if await work.session.execute(pg.insert(action_permission).values(row).on_conflict_do_nothing()):
        await audit.append(work, [audit.Entry("role.actionGranted", "role", role_id, details={"action": action})])


async def revoke_action(work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """Take an action from a role; what it has not is not taken."""
    action = await _begin(work, role_id, given, if_version)
    mine = (action_permission.c.role_id == role_id, action_permission.c.action == action)
    if await work.session.execute(sa.delete(action_permission).where(*mine)):
        await audit.append(work, [audit.Entry("role.actionRevoked", "role", role_id, details={"action": action})])


async def _begin(work: Work, role_id: UUID, given: Mapping[str, object], if_version: int | None) -> str:
    await access.move(work)
    action = str(given["action"])
    if action not in permissions.actions():
        raise inputs.refuse("action", UnknownChoice(key=action[:60]))
    try:
        await access.update_versioned(work, role, role_id, {}, if_version=if_version)
    except NotFound:
        raise inputs.refuse("roleId", RelationNotFound()) from None
    return action
