"""A policy as far as some scopes reach: never more than it was, by object, field and verb. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from services import permissions
from services.oauth.scopes import (
    METADATA_ADMIN,
    METADATA_OBJECTS,
    METADATA_READ,
    Action,
    Scope,
    fields_of,
    grouped,
    parse,
)
from services.permissions import ALWAYS_READABLE, NO_RIGHTS, NOBODY, Level, ObjectRights, Policy, Verb

if TYPE_CHECKING:
    from schema.metadata.registry import Shape

_VERBS: Mapping[Action, frozenset[Verb]] = MappingProxyType({
    Action.READ: frozenset({Verb.READ}),
    Action.WRITE: frozenset({Verb.READ, Verb.CREATE, Verb.UPDATE, Verb.BULK, Verb.ASSIGN, Verb.IMPORT}),
    Action.DELETE: frozenset({Verb.READ, Verb.DELETE, Verb.BULK}),
    Action.EXPORT: frozenset({Verb.READ, Verb.EXPORT}),
    Action.SHARE: frozenset({Verb.READ, Verb.SHARE}),
})
_OF_PARTS: Mapping[Action, frozenset[Verb]] = MappingProxyType({
    Action.READ: frozenset({Verb.READ}),
    Action.WRITE: frozenset({Verb.READ, Verb.UPDATE, Verb.BULK}),
})
_LEVELS: Mapping[Action, Level] = MappingProxyType({Action.WRITE: Level.WRITE})


def narrowed(policy: Policy, scopes: Iterable[str], shape: Shape) -> Policy:
    """What is left of a policy for a token with these scopes; objects that none of them names are closed."""
    texts = frozenset(scopes)
    found = [scope for text in sorted(texts) if (scope := parse(text)) and scope.object_name in shape.objects]
    if texts & {METADATA_READ, METADATA_ADMIN}:
        found += [Scope(name, "", Action.READ) for name in METADATA_OBJECTS]
    names = {scope.object_name for scope in found}
    rights = {name: _narrowed(policy.on(name), [each for each in found if each.object_name == name], shape)
              for name in sorted(names)}  # fmt: skip
    left = Policy(
        MappingProxyType(rights),
        policy.version,
        may_define=policy.may_define and METADATA_ADMIN in texts,
        may_read_policy=policy.may_read_policy and bool(texts & {METADATA_READ, METADATA_ADMIN}),
        roles=policy.roles,
        others=NO_RIGHTS,
        criteria=policy.criteria,
        actions=frozenset(each for each in permissions.actions() if policy.may(each) and _opens(texts, each)),
        withheld=policy.withheld,
    )
    return permissions.without_drafts(left)


def _opens(texts: frozenset[str], action: str) -> bool:
    """An action goes with changing the object whose name it begins with."""
    return f"{action.partition('.')[0]}:{Action.WRITE}" in texts


def _narrowed(rights: ObjectRights, scopes: list[Scope], shape: Shape) -> ObjectRights:
    verbs = _verbs(scopes)
    caps, default_cap = _caps(scopes, shape)
    default = min(rights.default_level, default_cap)
    known = {*caps, *dict(rights.fields)}
    levels = {name: min(rights.level(name), caps.get(name, default_cap)) for name in known}
    return replace(
        rights,
        create=rights.create and Verb.CREATE in verbs,
        read=rights.read if Verb.READ in verbs else NOBODY,
        update=rights.update if Verb.UPDATE in verbs else NOBODY,
        delete=rights.delete if Verb.DELETE in verbs else NOBODY,
        fields=tuple(sorted((name, level) for name, level in levels.items() if level is not default)),
        default_level=default,
        further=tuple((verb, arms) for verb, arms in rights.further if verb in verbs),
    )


def _verbs(scopes: Iterable[Scope]) -> frozenset[Verb]:
    given = [_OF_PARTS.get(each.action, frozenset()) if each.part else _VERBS[each.action] for each in scopes]
    verbs = frozenset().union(*given)
    # Merging changes one record and deletes another.
    return verbs | {Verb.MERGE} if {Verb.CREATE, Verb.DELETE} <= verbs else verbs


def _caps(scopes: Iterable[Scope], shape: Shape) -> tuple[Mapping[str, Level], Level]:
    """How far single fields may be open, and how far all others."""
    thing = shape.objects[next(iter(scopes := list(scopes))).object_name]
    whole = [_LEVELS.get(each.action, Level.READ) for each in scopes if not each.part]
    caps = dict.fromkeys(grouped(thing), Level.NONE)
    for each in scopes:
        for name in fields_of(shape, each) if each.part and each.action in _OF_PARTS else ():
            caps[name] = max(caps.get(name, Level.NONE), _LEVELS.get(each.action, Level.READ))
    default = max(whole, default=Level.NONE)
    for name in set(caps) - grouped(thing):
        # Also named by itself, a field is as open as the object around it.
        caps[name] = max(caps[name], default)
    return {**caps, **dict.fromkeys(ALWAYS_READABLE, Level.READ)}, default
