"""Named actions: buttons that a role has or has not, beside what it may do with the fields of a record.

Whoever offers an action declares it under the name of its object: `lead.convert`, with what it decides of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from services.permissions.loading import policy
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from tenants.context import ReadWork

Keys: TypeAlias = Mapping[str, frozenset[str]]


class ActionNotAllowed(Forbidden):
    """None of your roles has the action {action}."""

    code = "ACTION_NOT_ALLOWED"
    zh = "您的角色没有操作 {action} 的权限。"


@dataclass(frozen=True, slots=True)
class Part:
    """Records that make up another one, which a relation of theirs names, and the fields of theirs that do."""

    object_name: str
    relation: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Course:
    """What an action decides of a choice: without it no write, whatever else it may change, goes another way."""

    object_name: str
    choice: str
    # Keys that are set by the action, each but from some others.
    reaches: Keys = field(default_factory=lambda: MappingProxyType({}))
    # Keys that are given up by the action, each but for some others.
    leaves: Keys = field(default_factory=lambda: MappingProxyType({}))
    # Fields that stay as they are while a key holds, and with them the parts.
    keeps: Keys = field(default_factory=lambda: MappingProxyType({}))
    parts: tuple[Part, ...] = ()
    # Not even who has the action writes it directly: it would mean what only the button makes true.
    by_button_only: bool = False

    def decides(self, held: object, moved: Mapping[str, object]) -> bool:
        """Whether it takes the action to move these fields of a record that holds this key."""
        new = moved.get(self.choice, held)
        is_reached = new != held and new in self.reaches and held not in self.reaches[str(new)]
        is_left = new != held and held in self.leaves and new not in self.leaves[str(held)]
        return is_reached or is_left or (held in self.keeps and not self.keeps[str(held)].isdisjoint(moved))


@dataclass(frozen=True, slots=True)
class Decided:
    """A course, and the action that decides it."""

    action: str
    course: Course


_DECLARED: set[str] = set()
_COURSES: dict[str, tuple[Decided, ...]] = {}


def declare_action(name: str, course: Course | None = None) -> str:
    """Make an action known, so that roles can have it: a button that could be gone around would be none."""
    _DECLARED.add(name)
    if course is not None:
        others = (each for each in _COURSES.get(course.object_name, ()) if each.action != name)
        _COURSES[course.object_name] = (*others, Decided(name, course))
    return name


def courses(object_name: str) -> tuple[Decided, ...]:
    """What actions decide of the records of an object."""
    return _COURSES.get(object_name, ())


def wholes(object_name: str) -> tuple[tuple[Part, Decided], ...]:
    """Of which records those of this object are parts that an action decides."""
    return tuple(
        (part, each)
        for found in _COURSES.values()
        for each in found
        for part in each.course.parts
        if part.object_name == object_name
    )


def actions() -> tuple[str, ...]:
    """Every action, by name."""
    return tuple(sorted(_DECLARED))


async def require_action(work: ReadWork, name: str) -> None:
    """Refuse whoever has no role with this action."""
    if not (await policy(work)).may(name):
        raise ActionNotAllowed(action=name)
