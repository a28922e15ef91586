"""The policy of one role by itself: that of a client, which holds no role of its own and has no department."""

from __future__ import annotations

from dataclasses import replace
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
from services.permissions import stored
from services.permissions.definitions import without_withheld
from services.permissions.derived import capped
from services.permissions.loading import of_roles
from services.permissions.policy import Verb
from services.permissions.rules import restrictions_by, rule
from services.permissions.tokens import no_policy

if TYPE_CHECKING:
    from uuid import UUID

    from services.permissions.policy import Policy
    from tenants.context import ReadWork


async def policy_of_role(work: ReadWork, role_id: UUID) -> Policy:
    """What somebody may do who has this role and nothing else."""
    found = await work.session.row(sa.select(role.c.name, role.c.is_admin).where(role.c.id == role_id))
    if found is None:
        return no_policy(work.versions.access)
    grants, fields, criteria, restrictions, actions = [
        await work.session.rows(_said_by(role_id, table))
        for table in (object_permission, field_permission, criteria_rule, restriction, action_permission)
    ]
    withheld = await stored.withheld_from_role(work, role_id)
    made = of_roles(
        [found["name"]],
        [stored.grant(row) for row in grants],
        is_admin=found["is_admin"],
        version=work.versions.access,
        fields=[stored.field_grant(row) for row in fields],
        criteria=[rule(row["role"], row["object_name"], Verb(row["reach"]), row["condition"]) for row in criteria],
        restrictions=[*map(stored.restriction_of, restrictions), *restrictions_by(withheld.pilots)],
    )
    allowed = frozenset(row["action"] for row in actions)
    return without_withheld(await capped(work, replace(made, actions=allowed, withheld=withheld)))


def _said_by(role_id: UUID, table: sa.Table) -> sa.Select[tuple[object, ...]]:
    return (
        sa
        .select(role.c.name.label("role"), table)
        .join(role, role.c.id == table.c.role_id)
        .where(table.c.role_id == role_id)
    )
