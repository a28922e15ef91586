"""The guard: folds a policy into a bound plan, or refuses it. Only here is a `GuardedPlan` made.

The executor takes nothing else, so a statement without the caller's rights in it cannot be run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.permissions import Level, ObjectRights, Policy, Verb
from services.permissions.policy import UNRESTRICTED_RIGHTS
from services.query.binder import BoundPlan, Touch, Use, recorded
from services.query.errors import FieldNotReadable, ObjectNotReadable, TrashNotReadable

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from services.query import plan as p
    from services.query.cursors import CursorUse


class _Seal:
    """What only this module holds."""


_SEAL: Final = _Seal()


class _Everything(dict[str, ObjectRights]):
    """Full rights on every object."""

    def __missing__(self, object_name: str) -> ObjectRights:
        return UNRESTRICTED_RIGHTS


_EVERYTHING: Final = _Everything()


# What is left out below these levels and not refused.
_LEAST: Final = {Use.SEARCH: Level.READ, Use.TITLE: Level.MASKED, Use.TRACE: Level.MASKED}


class UnguardedError(Exception):
    """A guarded value was made outside the guard."""


class UndecidedError(Exception):
    """A plan was compiled before it was decided what of it is permitted."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The caller's rights on the objects that a statement touches, after the guard has looked at every coordinate."""

    seal: object
    objects: Mapping[str, ObjectRights]

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise UnguardedError

    def on(self, object_name: str) -> ObjectRights:
        """The rights on one object touched."""
        return self.objects[object_name]

    def unlimited(self) -> Rights:
        """For the inside of a stored criterion: it judges records, and the caller sees nothing of what it looked at."""
        return Rights(_SEAL, _EVERYTHING)


@dataclass(frozen=True, slots=True)
class GuardedPlan:
    """A plan that this caller may run."""

    seal: object
    bound: BoundPlan
    rights: Rights

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise UnguardedError

    @property
    def roots(self) -> tuple[p.Root, ...]:
        """The roots."""
        return self.bound.plan.roots

    @property
    def cursors(self) -> tuple[CursorUse, ...]:
        """The cursors taken."""
        return self.bound.cursors


def guard(bound: BoundPlan, policy: Policy) -> GuardedPlan:
    """The plan with the caller's rights; `Forbidden` names what may not be read."""
    rights = guard_touches(bound.touches, policy)
    for name in sorted(bound.trashed):
        if not policy.on(name).arms(Verb.DELETE):
            raise TrashNotReadable(object=name)
    return GuardedPlan(_SEAL, bound, rights)


def guard_touches(touches: Iterable[Touch], policy: Policy) -> Rights:
    """The rights on everything touched, if all of it may be read."""
    touched = sorted(touches, key=lambda touch: (touch.object_name, touch.field_name))
    for touch in touched:
        if touch.use not in {Use.LINK, Use.TRACE, Use.NAMES} and not policy.on(touch.object_name).arms(Verb.READ):
            raise ObjectNotReadable(object=touch.object_name)
    closed = dict.fromkeys(f"{touch.object_name}.{touch.field_name}" for touch in touched if _is_closed(touch, policy))
    if closed:
        raise FieldNotReadable(fields=", ".join(closed))
    return Rights(_SEAL, {touch.object_name: policy.on(touch.object_name) for touch in touched})


def guard_scope(shape: Shape, policy: Policy, object_name: str) -> Rights:
    """The rights that decide whether a record of an object is seen: traces and views ask for those of other objects too."""
    touched = {Touch(object_name, use=Use.LINK)}
    return guard_touches({*touched, *recorded(shape, touched)}, policy)


def told_touches(touches: Iterable[Touch], policy: Policy) -> frozenset[Touch]:
    """Those by which this caller is told something: search, titles and traces leave out what he may not read."""
    return frozenset(touch for touch in touches if _is_told(touch, policy.on(touch.object_name)))


def _is_told(touch: Touch, rights: ObjectRights) -> bool:
    if not rights.arms(Verb.READ):
        return False
    return not touch.field_name or rights.level(touch.field_name) >= _LEAST.get(touch.use, Level.NONE)


def _is_closed(touch: Touch, policy: Policy) -> bool:
    if not touch.field_name or touch.use in {Use.SEARCH, Use.TITLE, Use.TRACE}:
        return False
    needed = Level.MASKED if touch.use is Use.SELECT else Level.READ
    return policy.on(touch.object_name).level(touch.field_name) < needed
