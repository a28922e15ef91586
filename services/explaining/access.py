"""Why a user may or may not do something with a record or one of its fields: every rule that decides, by name.

The record is asked with the very conditions that guard reads and writes, as that user. Each explanation is audited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.errors import UnknownChoice, UnknownField
from schema.metadata.objects import ObjectKind
from schema.tables.permissions import user
from services import audit, metadata, permissions, query
from services.explaining.scopes import grants_on, level_of, scope_of
from services.identity import access
from services.permissions import EVERY_OBJECT, Criteria, Everyone, Level, OwnedBy, Scope, Verb
from tenants.context import Principal, PrincipalKind
from tenants.errors import NotFound
from tenants.ids import object_number

if TYPE_CHECKING:
    from services.permissions import Arm, Held, Policy, Restriction
    from tenants.context import Work

_NEEDED: Mapping[Verb, Level] = {Verb.READ: Level.MASKED, Verb.UPDATE: Level.WRITE}
_OPENING = frozenset({"grant", "criteria", "share", "delegation"})
_OF_ROWS = frozenset(Verb) - {Verb.CREATE, Verb.IMPORT, Verb.ASSIGN}


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that was looked at. `decides` where it opens or closes; a scope that the record is out of does neither.

    `kind` is `user`, `record`, `grant`, `criteria`, `share`, `delegation`, `restriction`, `pilot` or `field`; `verdict` what it comes to.
    """

    kind: str
    verb: str
    verdict: str
    decides: bool
    role: str = ""
    rule_id: UUID | None = None
    # The title of the pilot whose group the user is not in; `rule_id` is its id.
    pilot: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether, how far a field is open, and why."""

    allowed: bool
    level: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    policy: Policy
    held: Held
    object_name: str
    record_id: UUID


async def explain_access(
    work: Work, *, user_id: UUID, record_id: UUID, verb_name: str, field_name: str | None = None
) -> Explanation:
    """For those who may define."""
    await access.require_definer(work)
    verb = next((each for each in Verb if each.value == verb_name), None)
    if verb is None:
        raise UnknownChoice(key=verb_name[:60])
    person = await work.session.row(sa.select(user.c.state).where(user.c.id == user_id))
    if person is None:
        raise NotFound
    asked = await _asked(work, user_id, record_id, field_name)
    details = {"user": user_id, "verb": verb.value, "field": field_name}
    await audit.append(work, [audit.Entry("access.explained", asked.object_name, record_id, details=details)])
    if person["state"] != "active":
        return Explanation(
            allowed=False,
            level=level_of(Level.NONE),
            reasons=(Reason("user", verb.value, "deactivated", decides=True),),
        )
    return await _explained(_as(work, user_id), asked, verb, field_name)


async def _asked(work: Work, user_id: UUID, record_id: UUID, field_name: str | None) -> _Asked:
    registry = await metadata.registry(work)
    name = registry.by_number.get(object_number(record_id), "")
    if not name or registry.shape.objects[name].kind is ObjectKind.SYSTEM:
        raise NotFound
    if field_name is not None and registry.shape.closable(name, field_name) is None:
        raise UnknownField(object=name, name=field_name[:60])
    held = await permissions.held_by(work, user_id)
    return _Asked(await permissions.policy_of(work, user_id), held, name, record_id)


async def _explained(work: Work, asked: _Asked, verb: Verb, field_name: str | None) -> Explanation:
    reasons: list[Reason] = []
    allowed = True
    for needed in dict.fromkeys((Verb.READ, verb)):
        found = await _of_verb(work, asked, needed)
        reasons += found
        allowed = allowed and any(each.decides and each.kind in _OPENING for each in found)
    rights = asked.policy.on(asked.object_name)
    level = rights.default_level
    if field_name is not None:
        shape = (await metadata.registry(work)).shape
        reasons += _of_field(asked, verb, field_name)
        reasons += _of_sources(asked, verb, shape.derivations.sources.get((asked.object_name, field_name), ()))
        thing = shape.objects[asked.object_name]
        level = permissions.reachable(thing, field_name, rights)
        if level < rights.level(field_name):
            reasons.append(Reason("field", verb.value, "readOnly", decides=True))
        allowed = allowed and level >= _NEEDED.get(verb, Level.NONE)
    return Explanation(allowed=allowed, level=level_of(level), reasons=tuple(reasons))


async def _of_verb(work: Work, asked: _Asked, verb: Verb) -> list[Reason]:
    reasons = [
        _restricting(each, verb, "never", decides=True)
        for each in asked.held.restrictions
        if each.verb is verb and each.object_name in {asked.object_name, EVERY_OBJECT}
    ]
    arms = asked.policy.on(asked.object_name).arms(verb)
    if not arms:
        return reasons or [Reason("grant", verb.value, "none", decides=False)]
    # What a wider rule holds anyway is no arm of the policy, and is named where it would do by itself.
    held = tuple(dict.fromkeys((*arms, *_narrower(asked, verb))))
    met: Mapping[Arm, bool] | None = dict.fromkeys(held, True)
    if verb in _OF_ROWS:
        met = await query.arms_met(work, asked.policy, asked.object_name, asked.record_id, held)
    if met is None:
        return [*reasons, Reason("record", verb.value, "absent", decides=True)]
    said = ((arm, is_met) for arm, is_met in met.items() if is_met or arm in arms)
    return [*reasons, *(reason for arm, is_met in said for reason in _of_arm(asked, verb, arm, is_met=is_met))]


def _restricting(given: Restriction, verb: Verb, verdict: str, *, decides: bool) -> Reason:
    if given.pilot is None:
        return Reason("restriction", verb.value, verdict, decides, role=given.role)
    return Reason("pilot", verb.value, verdict, decides, rule_id=given.pilot.id, pilot=given.pilot.title)


def _narrower(asked: _Asked, verb: Verb) -> Iterator[Arm]:
    if asked.held.is_admin:
        return
    for grant in grants_on(asked.held.grants, asked.held.roles, asked.object_name):
        yield from permissions.rights_of(grant).arms(verb)
    yield from permissions.rights_by_criteria(asked.held.criteria, asked.object_name).arms(verb)


def _of_arm(asked: _Asked, verb: Verb, arm: Arm, *, is_met: bool) -> Iterator[Reason]:
    match arm:
        case Criteria():
            values = asked.policy.criteria[asked.object_name][arm.number]
            for each in asked.held.criteria:
                if (each.object_name, each.condition, each.values) == (asked.object_name, arm.condition, values):
                    yield Reason("criteria", verb.value, each.reach.value, is_met, role=each.role, rule_id=each.id)
        case OwnedBy(Scope.DELEGATED):
            yield Reason("delegation", verb.value, scope_of(arm), is_met)
        case OwnedBy() | Everyone():
            yield from _of_grants(asked, verb, arm, is_met=is_met)
        case _:
            yield Reason("share", verb.value, scope_of(arm), is_met)


def _of_grants(asked: _Asked, verb: Verb, arm: Arm, *, is_met: bool) -> Iterator[Reason]:
    if asked.held.is_admin:
        yield Reason("grant", verb.value, "administrator", is_met)
        return
    for grant in grants_on(asked.held.grants, asked.held.roles, asked.object_name):
        if arm in permissions.rights_of(grant).arms(verb):
            yield Reason("grant", verb.value, scope_of(arm), is_met, role=grant.role)


def _of_field(asked: _Asked, verb: Verb, field_name: str) -> Iterator[Reason]:
    level = asked.policy.on(asked.object_name).level(field_name)
    for each in asked.held.restrictions:
        if each.field_name == field_name and each.object_name in {asked.object_name, EVERY_OBJECT}:
            yield _restricting(each, verb, level_of(each.level), decides=each.level == level)
    given = {
        each.role: each.level
        for each in asked.held.fields
        if (each.object_name, each.field_name) == (asked.object_name, field_name)
    }
    # A role that says nothing of a field opens it as far as the record; that tells something only beside one that does.
    for role in _speaking(asked) if given and not asked.held.is_admin else ():
        said = given.get(role, Level.WRITE)
        yield Reason("field", verb.value, level_of(said), said == level, role=role)


def _of_sources(asked: _Asked, verb: Verb, sources: Collection[tuple[str, str]]) -> Iterator[Reason]:
    """What is computed is closed with what it is computed from: the pilots that keep any of that to their group."""
    pilots = {
        each.pilot.id: each
        for each in asked.held.restrictions
        if each.pilot is not None
        and any((each.object_name, each.field_name) in {(name, ""), (name, field)} for name, field in sources)
    }
    return (_restricting(each, verb, level_of(Level.NONE), decides=True) for each in pilots.values())


def _speaking(asked: _Asked) -> list[str]:
    """The roles that have a part in the object."""
    held = asked.held
    granting = {
        each.role
        for each in grants_on(held.grants, held.roles, asked.object_name)
        if permissions.rights_of(each) != permissions.NO_RIGHTS
    }
    opening = {each.role for each in held.criteria if each.object_name == asked.object_name}
    return [role for role in held.roles if role in granting | opening]


def _as(work: Work, user_id: UUID) -> Work:
    """The same transaction with the eyes of a user."""
    return replace(work, principal=Principal(PrincipalKind.USER, user_id))
