"""The policy of a principal: grants of all roles added up, and what everybody may do with the platform's own objects.

Cached by tenant, access version and principal; moving a role, a grant or a membership moves that version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.permissions import criteria_rule, field_permission, object_permission, role, role_member
from services.permissions.policy import (
    EVERYONE,
    NO_RIGHTS,
    NOBODY,
    UNRESTRICTED_RIGHTS,
    Arm,
    Criteria,
    Everyone,
    Level,
    ObjectRights,
    OwnedBy,
    Policy,
    Scope,
    Shared,
    Verb,
    freeze,
)
from services.permissions.rules import CriteriaRule, FieldGrant, levels, numbered, rights_by_criteria, rule
from tenants.context import PrincipalKind

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from tenants.context import ReadWork

EVERY_OBJECT = "*"
_READ = ObjectRights(read=EVERYONE, default_level=Level.READ)
_OWN = ObjectRights(read=(OwnedBy(Scope.OWN),), default_level=Level.READ)
# Colleagues, departments, roles and the shape itself are known to all who are signed in; the inbox and jobs to whom
# they belong; history is read as far as the record that it is about. Everything else of the platform is read by
# administrators, and by roles that a grant names.
_BUILT_IN: Mapping[str, ObjectRights] = {
    **dict.fromkeys(
        ("user", "department", "role", "objectDefinition", "fieldDefinition", "choiceOption", "recordHistory"), _READ
    ),
    **dict.fromkeys(("notification", "job"), _OWN),
}
_NARROWER: Mapping[Scope, frozenset[Scope]] = {
    Scope.OWN: frozenset(),
    Scope.TEAM: frozenset({Scope.OWN}),
    Scope.DEPARTMENT: frozenset({Scope.OWN}),
    Scope.TREE: frozenset({Scope.OWN, Scope.DEPARTMENT}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One row of `object_permission`."""

    role: str
    object_name: str
    can_create: bool = False
    read: Scope = Scope.NONE
    update: Scope = Scope.NONE
    delete: Scope = Scope.NONE

    @property
    def rights(self) -> ObjectRights:
        """What the row gives."""
        return ObjectRights(self.can_create, arms(self.read), arms(self.update), arms(self.delete))


async def policy(work: ReadWork) -> Policy:
    """What this principal may do in this tenant at this access version."""
    principal, version = work.principal, work.versions.access
    if principal.kind is PrincipalKind.SYSTEM:
        return unrestricted(version)
    if principal.kind is not PrincipalKind.USER:
        return Policy(freeze({}), version)
    key = (version, principal.id)
    found = work.cache.get(Policy, work.placement.tenant_id, key)
    if found is None:
        found = await _load(work)
        work.cache.put(Policy, work.placement.tenant_id, key, found)
    return found


def unrestricted(version: int) -> Policy:
    """The system's."""
    return Policy(freeze({}), version, may_define=True, roles=(), others=UNRESTRICTED_RIGHTS)


def of_roles(
    roles: Sequence[str],
    grants: Iterable[Grant],
    *,
    is_admin: bool,
    version: int,
    fields: Sequence[FieldGrant] = (),
    criteria: Sequence[CriteriaRule] = (),
) -> Policy:
    """The policy of a user with these roles."""
    if is_admin:
        system = dict.fromkeys(SYSTEM_OBJECTS, _READ)
        mine = {name: _OWN for name in system if name == "notification"}
        return Policy(
            freeze({**system, **mine}), version, may_define=True, roles=tuple(roles), others=UNRESTRICTED_RIGHTS
        )
    given = {(grant.role, grant.object_name): grant.rights for grant in grants}
    rights = {name: _BUILT_IN.get(name, NO_RIGHTS) for name in SYSTEM_OBJECTS}
    named = (
        {name for _, name in given} | {each.object_name for each in fields} | {each.object_name for each in criteria}
    )
    for name in named - {EVERY_OBJECT}:
        if name in rights:
            # A system object is only read here: its mutations are verbs with rights of their own.
            widened = (ObjectRights(read=given[each, name].read) for each in roles if (each, name) in given)
            rights[name] = added((rights[name], *widened), default_level=Level.READ)
        else:
            rights[name] = _on_records(name, roles, given, fields, criteria)
    return Policy(
        freeze(rights),
        version,
        roles=tuple(roles),
        others=_on_records(EVERY_OBJECT, roles, given, (), ()),
        criteria={name: tuple(each.values for each in numbered(criteria, name)) for name in named},
    )


def _on_records(
    name: str,
    roles: Iterable[str],
    given: Mapping[tuple[str, str], ObjectRights],
    fields: Sequence[FieldGrant],
    criteria: Sequence[CriteriaRule],
) -> ObjectRights:
    opened = rights_by_criteria(criteria, name)
    granted = {each: given.get((each, name), given.get((each, EVERY_OBJECT), NO_RIGHTS)) for each in roles}
    by_criteria = {each.role for each in criteria if each.object_name == name}
    reaching = [each for each, rights in granted.items() if rights != NO_RIGHTS or each in by_criteria]
    rights = added((*granted.values(), opened))
    return replace(
        rights,
        read=_with_shares(rights.read, Verb.READ),
        update=_with_shares(rights.update, Verb.UPDATE),
        delete=_with_shares(rights.delete, Verb.DELETE),
        fields=levels(fields, reaching, name),
    )


def _with_shares(given: tuple[Arm, ...], verb: Verb) -> tuple[Arm, ...]:
    """Who may do this with some records may do it with those shared for it too."""
    return given if not given or Everyone() in given else (*given, Shared(verb))


def arms(scope: Scope) -> tuple[Arm, ...]:
    """The arms of a scope."""
    if scope is Scope.NONE:
        return NOBODY
    return EVERYONE if scope is Scope.ALL else (OwnedBy(scope),)


def added(rights: Iterable[ObjectRights], *, default_level: Level = Level.WRITE) -> ObjectRights:
    """Rights of several roles together: the union of their arms, without those that another one holds anyway."""
    given = tuple(rights)
    return ObjectRights(
        create=any(each.create for each in given),
        read=_union(each.read for each in given),
        update=_union(each.update for each in given),
        delete=_union(each.delete for each in given),
        default_level=default_level,
    )


def _union(given: Iterable[tuple[Arm, ...]]) -> tuple[Arm, ...]:
    found = {arm for each in given for arm in each}
    if Everyone() in found:
        return EVERYONE
    scopes = {arm.scope for arm in found if isinstance(arm, OwnedBy)}
    covered = {narrower for scope in scopes for narrower in _NARROWER[scope]}
    owned = tuple(OwnedBy(scope) for scope in Scope if scope in scopes - covered)
    chosen = sorted((arm for arm in found if isinstance(arm, Criteria)), key=lambda arm: arm.number)
    return (*owned, *chosen)


async def _load(work: ReadWork) -> Policy:
    roles = await work.session.rows(_roles_of(work.principal.id))
    grants = await work.session.rows(_grants_of(work.principal.id))
    fields = await work.session.rows(_fields_of(work.principal.id))
    criteria = await work.session.rows(_criteria_of(work.principal.id))
    return of_roles(
        [row["name"] for row in roles],
        [_grant(row) for row in grants],
        is_admin=any(row["is_admin"] for row in roles),
        version=work.versions.access,
        fields=[
            FieldGrant(row["name"], row["object_name"], row["field_name"], Level[row["level"].upper()])
            for row in fields
        ],
        criteria=[rule(row["name"], row["object_name"], Verb(row["reach"]), row["condition"]) for row in criteria],
    )


def _grant(row: asyncpg.Record) -> Grant:
    return Grant(
        row["name"],
        row["object_name"],
        can_create=row["can_create"],
        read=Scope(row["read_scope"]),
        update=Scope(row["update_scope"]),
        delete=Scope(row["delete_scope"]),
    )


def _roles_of(user_id: UUID) -> sa.Select[tuple[str, bool]]:
    return (
        sa
        .select(role.c.name, role.c.is_admin)
        .join(role_member, role_member.c.role_id == role.c.id)
        .where(role_member.c.user_id == user_id)
        .order_by(role.c.name)
    )


def _grants_of(user_id: UUID) -> sa.Select[tuple[object, ...]]:
    granted = object_permission.c
    return (
        sa
        .select(
            role.c.name,
            granted.object_name,
            granted.can_create,
            granted.read_scope,
            granted.update_scope,
            granted.delete_scope,
        )
        .join(role, role.c.id == granted.role_id)
        .join(role_member, role_member.c.role_id == role.c.id)
        .where(role_member.c.user_id == user_id)
    )


def _fields_of(user_id: UUID) -> sa.Select[tuple[str, str, str, str]]:
    limited = field_permission.c
    return (
        sa
        .select(role.c.name, limited.object_name, limited.field_name, limited.level)
        .join(role, role.c.id == limited.role_id)
        .join(role_member, role_member.c.role_id == role.c.id)
        .where(role_member.c.user_id == user_id)
    )


def _criteria_of(user_id: UUID) -> sa.Select[tuple[str, str, str, object]]:
    opened = criteria_rule.c
    return (
        sa
        .select(role.c.name, opened.object_name, opened.reach, opened.condition)
        .join(role, role.c.id == opened.role_id)
        .join(role_member, role_member.c.role_id == role.c.id)
        .where(role_member.c.user_id == user_id)
    )
