"""The policy of a principal: grants of all roles added up, and what everybody may do with the platform's own objects.

Cached by tenant, access version and principal; moving a role, a grant or a membership moves that version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.system_objects import SYSTEM_OBJECTS
from services.permissions import stored
from services.permissions.definitions import without_drafts, without_withheld
from services.permissions.derived import capped
from services.permissions.pilots import Withheld
from services.permissions.policy import (
    EVERYONE,
    FURTHER_VERBS,
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
from services.permissions.rules import (
    EVERY_OBJECT,
    CriteriaRule,
    FieldGrant,
    Grant,
    Restriction,
    levels,
    masks,
    numbered,
    restricted,
    rights_by_criteria,
)
from services.permissions.tokens import no_policy, policy_of_token
from tenants.context import PrincipalKind

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork

_READ = ObjectRights(read=EVERYONE, default_level=Level.READ)
_OWN = ObjectRights(read=(OwnedBy(Scope.OWN),), default_level=Level.READ)
# Colleagues, departments, roles and the shape itself are known to all who are signed in; the inbox and jobs to whom
# they belong; history is read as far as the record that it is about, views by whom they are for. Everything else of the
# platform is read by administrators, and by roles that a grant names.
_BUILT_IN: Mapping[str, ObjectRights] = {
    **dict.fromkeys(
        (
            "user",
            "department",
            "team",
            "delegation",
            "role",
            "objectDefinition",
            "fieldDefinition",
            "choiceOption",
            "dictionary",
            "dictionaryEntry",
            "validationRule",
            "indexDefinition",
            "recordHistory",
            "savedView",
        ),
        _READ,
    ),
    **dict.fromkeys(("notification", "job", "apiToken", "handOver"), _OWN),
}
_INBOXES = ("notification",)
# Shares name one of three verbs; the others go with the one that they come closest to, and nothing is shared on.
_SHARED_FOR: Mapping[Verb, Verb] = {Verb.EXPORT: Verb.READ, Verb.BULK: Verb.UPDATE, Verb.MERGE: Verb.DELETE}
_NARROWER: Mapping[Scope, frozenset[Scope]] = {
    Scope.OWN: frozenset(),
    Scope.TEAM: frozenset({Scope.OWN}),
    Scope.DEPARTMENT: frozenset({Scope.OWN}),
    Scope.TREE: frozenset({Scope.OWN, Scope.DEPARTMENT}),
    Scope.DELEGATED: frozenset({Scope.OWN}),
}


def is_read_by_all(object_name: str) -> bool:
    """Whether everybody who is signed in reads every record of an object, whatever a role says."""
    return _BUILT_IN.get(object_name) is _READ


async def policy(work: ReadWork) -> Policy:
    """What this principal may do in this tenant at this access version."""
    principal, version = work.principal, work.versions.access
    if not principal.has_session and principal.viewer_id is None:
        if principal.kind is PrincipalKind.SYSTEM:
            return replace(unrestricted(version), withheld=await _withheld_from_platform(work))
        return no_policy(version)
    # What scopes mean, and what derived fields read, depends on the shape as well.
    token = principal.scopes if principal.is_token else ()
    key = (version, work.versions.metadata, principal.id, *token)
    found = work.cache.get(Policy, work.placement.tenant_id, key)
    if found is None:
        found = (
            await capped(work, await policy_of_token(work))
            if principal.is_token
            else await policy_of(work, principal.id)
        )
        work.cache.put(Policy, work.placement.tenant_id, key, found)
    return found if principal.viewer_id is None else _viewed(found)


async def _withheld_from_platform(work: ReadWork) -> Withheld:
    """The platform writes for everybody, so what only a group is asked does not bind it."""
    tenant, version = work.placement.tenant_id, work.versions.access
    found = work.cache.get(Withheld, tenant, version)
    if found is None:
        found = await stored.withheld_from_role(work, None)
        work.cache.put(Withheld, tenant, version, found)
    return found


def _viewed(policy: Policy) -> Policy:
    """What an administrator sees who looks as somebody else: inboxes stay their owners'."""
    rights = {**policy.rights, **dict.fromkeys(_INBOXES, NO_RIGHTS)}
    return replace(policy, rights=freeze(rights))


async def policy_of(work: ReadWork, user_id: UUID) -> Policy:
    """The policy of any user, as it is stored now."""
    held = await stored.held_by(work, user_id)
    made = of_roles(
        held.roles,
        held.grants,
        is_admin=held.is_admin,
        version=work.versions.access,
        fields=held.fields,
        criteria=held.criteria,
        restrictions=held.restrictions,
        stands_in=held.stands_in,
    )
    return without_withheld(await capped(work, replace(made, actions=held.actions, withheld=held.withheld)))


def unrestricted(version: int) -> Policy:
    """The system's."""
    return Policy(
        freeze({}), version, may_define=True, others=UNRESTRICTED_RIGHTS, has_every_action=True, may_read_policy=True
    )


def of_roles(  # noqa: PLR0913 - each of them is named
    roles: Sequence[str],
    grants: Iterable[Grant],
    *,
    is_admin: bool,
    version: int,
    fields: Sequence[FieldGrant] = (),
    criteria: Sequence[CriteriaRule] = (),
    restrictions: Sequence[Restriction] = (),
    stands_in: bool = False,
) -> Policy:
    """The policy of a user with these roles. Whatever they grant, the restrictions of each of them stay."""
    if is_admin:
        return _of_admin(roles, restrictions, version)
    grants = tuple(grants)
    given = {(grant.role, grant.object_name): rights_of(grant) for grant in grants}
    rights = {name: _BUILT_IN.get(name, NO_RIGHTS) for name in SYSTEM_OBJECTS}
    said: tuple[tuple[Grant | FieldGrant | CriteriaRule | Restriction, ...], ...]
    said = (tuple(grants), tuple(fields), tuple(criteria), tuple(restrictions))
    named = {each.object_name for rows in said for each in rows}
    for name in named - {EVERY_OBJECT}:
        if name in rights:
            # A system object is only read here: its mutations are verbs with rights of their own.
            widened = (ObjectRights(read=given[each, name].read) for each in roles if (each, name) in given)
            rights[name] = added((rights[name], *widened), default_level=Level.READ)
        else:
            reached = _on_records(name, roles, given, fields, criteria, stands_in=stands_in)
            rights[name] = restricted(reached, restrictions, name)
    made = Policy(
        freeze(rights),
        version,
        roles=tuple(roles),
        others=restricted(
            _on_records(EVERY_OBJECT, roles, given, (), (), stands_in=stands_in), restrictions, EVERY_OBJECT
        ),
        criteria={name: tuple(each.values for each in numbered(criteria, name)) for name in named},
    )
    return without_drafts(made)


def _of_admin(roles: Sequence[str], restrictions: Sequence[Restriction], version: int) -> Policy:
    system = dict.fromkeys(SYSTEM_OBJECTS, _READ)
    mine = {name: _OWN for name in system if name in _INBOXES}
    limited = {each.object_name for each in restrictions} - {EVERY_OBJECT, *system}
    return Policy(
        freeze({**system, **mine, **{name: restricted(UNRESTRICTED_RIGHTS, restrictions, name) for name in limited}}),
        version,
        may_define=True,
        roles=tuple(roles),
        others=restricted(UNRESTRICTED_RIGHTS, restrictions, EVERY_OBJECT),
        has_every_action=True,
        may_read_policy=True,
    )


def _on_records(
    name: str,
    roles: Iterable[str],
    given: Mapping[tuple[str, str], ObjectRights],
    fields: Sequence[FieldGrant],
    criteria: Sequence[CriteriaRule],
    *,
    stands_in: bool,
) -> ObjectRights:
    # Sharing rules open records; they give no verb that no role grants.
    opened = rights_by_criteria(criteria, name, [each for each in criteria if each.role])
    shared = rights_by_criteria(criteria, name, [each for each in criteria if not each.role])
    granted = {each: given.get((each, name), given.get((each, EVERY_OBJECT), NO_RIGHTS)) for each in roles}
    by_criteria = {each.role for each in criteria if each.object_name == name}
    reaching = [each for each, rights in granted.items() if rights != NO_RIGHTS or each in by_criteria]
    rights = added((*granted.values(), opened))
    rights = _standing_in(rights) if stands_in else rights
    return replace(
        rights,
        read=_with_shares(rights.read, Verb.READ, shared.read),
        update=_with_shares(rights.update, Verb.UPDATE, shared.update),
        delete=_with_shares(rights.delete, Verb.DELETE, shared.delete),
        fields=levels(fields, reaching, name),
        masks=masks(fields, reaching, name),
        further=tuple((verb, _with_shares(given, _SHARED_FOR.get(verb))) for verb, given in rights.further),
    )


def _with_shares(given: tuple[Arm, ...], verb: Verb | None, by_rule: tuple[Arm, ...] = NOBODY) -> tuple[Arm, ...]:
    """Who may do this with some records may do it with those shared for it too."""
    return given if not given or verb is None or Everyone() in given else (*_union((given, by_rule)), Shared(verb))


def _standing_in(rights: ObjectRights) -> ObjectRights:
    """What may be done with records of some owners may be done with those of whom the user stands in for."""
    return replace(
        rights,
        read=_also(rights.read),
        update=_also(rights.update),
        delete=_also(rights.delete),
        further=tuple((verb, _also(given)) for verb, given in rights.further),
    )


def _also(given: tuple[Arm, ...]) -> tuple[Arm, ...]:
    owned = any(isinstance(arm, OwnedBy) for arm in given)
    return _union((given, (OwnedBy(Scope.DELEGATED),))) if owned else given


def rights_of(grant: Grant) -> ObjectRights:
    """What one row of `object_permission` gives."""
    further = {
        Verb.EXPORT: arms(grant.export),
        Verb.IMPORT: EVERYONE if grant.can_import else NOBODY,
        Verb.SHARE: arms(grant.share),
        Verb.MERGE: arms(grant.merge),
        Verb.BULK: arms(grant.bulk),
        Verb.ASSIGN: arms(grant.assign),
    }
    return ObjectRights(
        grant.can_create,
        arms(grant.read),
        arms(grant.update),
        arms(grant.delete),
        further=tuple((verb, given) for verb, given in further.items() if given),
    )


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
        further=tuple((verb, found) for verb in FURTHER_VERBS if (found := _union(each.arms(verb) for each in given))),
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
