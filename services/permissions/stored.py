"""The rows that say what a user may do: roles held, and what each of them grants, limits and restricts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.permissions import (
    action_permission,
    criteria_rule,
    delegation,
    department_closure,
    department_member,
    field_permission,
    object_permission,
    restriction,
    role,
    role_member,
    team_member,
    user,
)
from schema.tables.pilots import PilotState, pilot
from services.permissions.pilots import (
    NOBODY_IN_PARTICULAR,
    NOTHING_WITHHELD,
    Pilot,
    Standing,
    Withheld,
    pilot_of,
    withheld_from,
)
from services.permissions.policy import Level, Scope, Verb
from services.permissions.rules import CriteriaRule, FieldGrant, Grant, Restriction, restrictions_by, rule

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from tenants.context import ReadWork


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that the roles of one user say, each row with the name of its role."""

    roles: Sequence[str]
    is_admin: bool
    grants: Sequence[Grant]
    fields: Sequence[FieldGrant]
    criteria: Sequence[CriteriaRule]
    restrictions: Sequence[Restriction]
    # Whether the user stands in for somebody, now or later.
    stands_in: bool = False
    actions: frozenset[str] = frozenset()
    # By pilots that the user is not in; what of it closes anything stands among the restrictions.
    withheld: Withheld = NOTHING_WITHHELD


async def held_by(work: ReadWork, user_id: UUID) -> Held:
    """What the roles of a user say."""
    roles = await work.session.rows(_roles_of(user_id))
    grants, fields, restrictions, actions = [
        await work.session.rows(_of_roles_of(user_id, table))
        for table in (object_permission, field_permission, restriction, action_permission)
    ]
    criteria = await work.session.rows(_criteria_of(user_id))
    withheld = await withheld_from_user(work, user_id, frozenset(row["id"] for row in roles))
    return Held(
        [row["name"] for row in roles],
        is_admin=any(row["is_admin"] for row in roles),
        grants=[grant(row) for row in grants],
        fields=[field_grant(row) for row in fields],
        criteria=[
            replace(rule(row["role"], row["object_name"], Verb(row["reach"]), row["condition"]), id=row["id"])
            for row in criteria
        ],
        restrictions=[*map(restriction_of, restrictions), *restrictions_by(withheld.pilots)],
        actions=frozenset(row["action"] for row in actions),
        stands_in=bool(await work.session.scalar(_stand_in(user_id, work.now))),
        withheld=withheld,
    )


async def running_pilots(work: ReadWork) -> tuple[Pilot, ...]:
    """Every pilot that runs."""
    return tuple(map(pilot_of, await work.session.rows(_RUNNING)))


async def withheld_from_user(work: ReadWork, user_id: UUID, roles: frozenset[UUID]) -> Withheld:
    """What running pilots withhold from a user with these roles."""
    pilots = await running_pilots(work)
    if not pilots:
        return NOTHING_WITHHELD
    seats = await work.session.rows(_departments_of(user_id))
    who = Standing(
        user_id,
        roles,
        frozenset(row["ancestor_id"] for row in seats if row["depth"] == 0),
        frozenset(row["ancestor_id"] for row in seats),
    )
    return withheld_from(who, pilots)


async def withheld_from_role(work: ReadWork, role_id: UUID | None) -> Withheld:
    """The same for somebody who has this role and nothing else; without a role, for the platform."""
    who = NOBODY_IN_PARTICULAR if role_id is None else Standing(None, frozenset({role_id}))
    return withheld_from(who, await running_pilots(work))


def grant(row: asyncpg.Record) -> Grant:
    """A row of `object_permission` with the name of its role."""
    return Grant(
        row["role"],
        row["object_name"],
        can_create=row["can_create"],
        can_import=row["can_import"],
        read=Scope(row["read_scope"]),
        update=Scope(row["update_scope"]),
        delete=Scope(row["delete_scope"]),
        export=Scope(row["export_scope"]),
        share=Scope(row["share_scope"]),
        merge=Scope(row["merge_scope"]),
        bulk=Scope(row["bulk_scope"]),
        assign=Scope(row["assign_scope"]),
    )


def field_grant(row: asyncpg.Record) -> FieldGrant:
    """A row of `field_permission` with the name of its role."""
    return FieldGrant(row["role"], row["object_name"], row["field_name"], Level[row["level"].upper()], row["mask"])


def restriction_of(row: asyncpg.Record) -> Restriction:
    """A row of `restriction` with the name of its role."""
    return Restriction(
        row["role"],
        row["object_name"],
        Verb(row["verb"]) if row["verb"] else None,
        row["field_name"],
        Level[row["level"].upper()] if row["level"] else Level.WRITE,
    )


_RUNNING = (
    sa
    .select(pilot.c.id, pilot.c.title, pilot.c.group, pilot.c.coordinates)
    .where(pilot.c.state == PilotState.RUNNING)
    .order_by(pilot.c.id)
)


def _departments_of(user_id: UUID) -> sa.Select[tuple[UUID, int]]:
    """The departments that a user sits in, at depth 0, and those above them."""
    above = department_closure.c
    return sa.select(above.ancestor_id, above.depth).where(above.descendant_id.in_(_seats_of(user_id)))


def _seats_of(user_id: UUID) -> sa.CompoundSelect[tuple[UUID]]:
    return (
        sa
        .select(user.c.department_id)
        .where(user.c.id == user_id)
        .union_all(sa.select(department_member.c.department_id).where(department_member.c.user_id == user_id))
    )


def _roles_of(user_id: UUID) -> sa.Select[tuple[UUID, str, bool]]:
    return (
        sa
        .select(role.c.id, role.c.name, role.c.is_admin)
        .join(role_member, role_member.c.role_id == role.c.id)
        .where(role_member.c.user_id == user_id)
        .order_by(role.c.name)
    )


def _stand_in(user_id: UUID, now: datetime) -> sa.Select[UUID]:
    return sa.select(delegation.c.id).where(delegation.c.to_user_id == user_id, delegation.c.ends_at > now).limit(1)


def _criteria_of(user_id: UUID) -> sa.Select[tuple[object, ...]]:
    """Of the roles of a user, and the sharing rules for the user, its teams, its department and those above."""
    rule_, above = criteria_rule.c, department_closure.c
    return (
        sa
        .select(sa.func.coalesce(role.c.name, sa.literal("")).label("role"), criteria_rule)
        .select_from(criteria_rule.outerjoin(role, role.c.id == rule_.role_id))
        .where(
            sa.or_(
                rule_.role_id.in_(sa.select(role_member.c.role_id).where(role_member.c.user_id == user_id)),
                rule_.user_id == user_id,
                rule_.team_id.in_(sa.select(team_member.c.team_id).where(team_member.c.user_id == user_id)),
                rule_.department_id.in_(
                    sa.select(above.ancestor_id).where(above.descendant_id.in_(_seats_of(user_id)))
                ),
            )
        )
    )


def _of_roles_of(user_id: UUID, table: sa.Table) -> sa.Select[tuple[object, ...]]:
    return (
        sa
        .select(role.c.name.label("role"), table)
        .join(role, role.c.id == table.c.role_id)
        .join(role_member, role_member.c.role_id == role.c.id)
        .where(role_member.c.user_id == user_id)
    )
