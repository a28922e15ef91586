"""How far derived fields are open: to whoever may read everything that they are computed from, and to nobody else.

Else a formula over a closed field would tell its value. What derived fields read is told by whoever knows the shape, which
stands above permissions and registers here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from schema.metadata.system_objects import SYSTEM_OBJECTS
from services.permissions.policy import Level, ObjectRights, Policy, Verb, freeze

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.context import ReadWork

# A field of an object.
Coordinate: TypeAlias = tuple[str, str]
Sources: TypeAlias = "Mapping[Coordinate, frozenset[Coordinate]]"
SourcesOf: TypeAlias = Callable[["ReadWork"], Awaitable[Sources]]

# What definitions say of fields in rules, formulas and offers.
TELLING: Final[Mapping[str, tuple[str, ...]]] = {
    "fieldDefinition": (
        "options",
        "requiredIf",
        "requiredIfTree",
        "visibleIf",
        "visibleIfTree",
        "readOnlyIf",
        "readOnlyIfTree",
        "offeredBy",
        "offered",
    ),
    "validationRule": ("expression", "tree", "fields"),
}

_registered: list[SourcesOf] = []


def know_sources(by: SourcesOf) -> None:
    """From now on this tells what each derived field is computed from, over other derived fields too."""
    _registered[:] = [by]


async def capped(work: ReadWork, policy: Policy) -> Policy:
    """The policy without the derived fields that would tell what it closes, and with definitions as far as it is open."""
    return discreet(limited(policy, await _registered[0](work)) if _registered else policy)


def discreet(policy: Policy) -> Policy:
    """The policy with what definitions say of fields masked, where anything is closed: it is shown as far as that is open."""
    if _is_open(policy):
        return policy
    rights = {name: _masking(policy.on(name), fields) for name, fields in TELLING.items()}
    return replace(policy, rights=freeze({**policy.rights, **rights}))


def limited(policy: Policy, sources: Sources) -> Policy:
    """The same for sources that are at hand."""
    rights: dict[str, ObjectRights] = {}
    for (object_name, name), read in sources.items():
        if not _reads_all(policy, object_name, read):
            rights[object_name] = _without(rights.get(object_name, policy.on(object_name)), name)
    return replace(policy, rights=freeze({**policy.rights, **rights})) if rights else policy


def _reads_all(policy: Policy, own: str, read: Iterable[Coordinate]) -> bool:
    return all(
        policy.on(object_name).level(name) >= Level.READ
        and (object_name == own or policy.on(object_name).arms(Verb.READ))
        for object_name, name in read
    )


def _is_open(policy: Policy) -> bool:
    named = (rights for name, rights in policy.rights.items() if name not in SYSTEM_OBJECTS)
    return all(
        rights.arms(Verb.READ) and min((rights.default_level, *(level for _, level in rights.fields))) >= Level.READ
        for rights in (policy.others, *named)
    )


def _masking(rights: ObjectRights, names: Iterable[str]) -> ObjectRights:
    levels = {**dict(rights.fields), **{name: min(rights.level(name), Level.MASKED) for name in names}}
    return replace(rights, fields=tuple(sorted(levels.items())))


def _without(rights: ObjectRights, name: str) -> ObjectRights:
    others = ((each, level) for each, level in rights.fields if each != name)
    closed = () if rights.default_level is Level.NONE else ((name, Level.NONE),)
    return replace(rights, fields=tuple(sorted((*others, *closed))))
