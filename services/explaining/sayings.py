"""What one role says, row by row, and the sharing rules of the tenant: for those who may define."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.permissions import (
    action_permission,
    criteria_rule,
    field_permission,
    object_permission,
    restriction,
    role,
)
from services.identity import access
from tenants.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import ReadWork

    Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RolePermissions:
    """The rows of one role, as they are stored, in the order of their names."""

    name: str
    is_admin: bool
    objects: Sequence[Row]
    fields: Sequence[Row]
    records: Sequence[SharingRule]
    restrictions: Sequence[Row]
    actions: Sequence[str]


@dataclass(frozen=True, slots=True)
class SharingRule:
    """Records of an object that somebody reaches by what stands in them."""

    id: UUID
    object_name: str
    reach: str
    condition: object
    user_id: UUID | None
    department_id: UUID | None
    team_id: UUID | None


async def role_permissions(work: ReadWork, role_id: UUID) -> RolePermissions:
    """What a role says."""
    await access.require_definer(work)
    found = await work.session.row(sa.select(role).where(role.c.id == role_id))
    if found is None:
        raise NotFound
    objects, fields, restrictions = [
        await work.session.rows(
            sa.select(table).where(table.c.role_id == role_id).order_by(*(table.c[name] for name in order))
        )
        for table, order in (
            (object_permission, ("object_name",)),
            (field_permission, ("object_name", "field_name")),
            (restriction, ("object_name", "verb", "field_name")),
        )
    ]
    return RolePermissions(
        found["name"],
        found["is_admin"],
        [dict(row) for row in objects],
        [dict(row) for row in fields],
        await _rules(work, criteria_rule.c.role_id == role_id),
        [dict(row) for row in restrictions],
        [row["action"] for row in await work.session.rows(_actions(role_id))],
    )


async def sharing_rules(work: ReadWork) -> list[SharingRule]:
    """Every sharing rule, oldest first."""
    await access.require_definer(work)
    return await _rules(work, criteria_rule.c.role_id.is_(None))


async def _rules(work: ReadWork, those: sa.ColumnElement[bool]) -> list[SharingRule]:
    rows = await work.session.rows(sa.select(criteria_rule).where(those).order_by(criteria_rule.c.id))
    return [
        SharingRule(
            row["id"],
            row["object_name"],
            row["reach"],
            row["condition"],
            row["user_id"],
            row["department_id"],
            row["team_id"],
        )
        for row in rows
    ]


def _actions(role_id: UUID) -> sa.Select[str]:
    mine = action_permission.c.role_id == role_id
    return sa.select(action_permission.c.action).where(mine).order_by(action_permission.c.action)
