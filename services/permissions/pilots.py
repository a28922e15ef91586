"""What a running pilot (试点) is, as a value: what it covers, who is in its group, and what it withholds from all others.

Pure. Rows become values here and back; `services.permissions.stored` reads them, `services.pilots` writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    import asyncpg

# As JSON and in the API, in the order of a group's parts.
_MEMBERS: Final = ("roleIds", "departmentIds", "departmentTreeIds", "userIds")


class Covered(StrEnum):
    """What a pilot can cover."""

    OBJECT = "object"
    FIELD = "field"
    LAYOUT = "layout"
    VALIDATION_RULE = "validationRule"
    UNIQUE_RULE = "uniqueRule"


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One thing that a pilot covers. Only a field has a name within its object."""

    kind: Covered
    id: UUID
    object_name: str
    field_name: str = ""

    def stored(self) -> dict[str, str]:
        """As JSON, and as it is read over the API."""
        named = {"name": self.field_name} if self.field_name else {}
        return {"kind": self.kind.value, "id": str(self.id), "object": self.object_name, **named}


@dataclass(frozen=True, slots=True)
class Group:
    """Who is in a pilot: holders of roles, those who sit in departments, or in them and those below, and single users."""

    roles: frozenset[UUID] = frozenset()
    departments: frozenset[UUID] = frozenset()
    trees: frozenset[UUID] = frozenset()
    users: frozenset[UUID] = frozenset()

    def stored(self) -> dict[str, list[str]]:
        """As JSON, and as it is read over the API."""
        named = zip(_MEMBERS, (self.roles, self.departments, self.trees, self.users), strict=True)
        return {name: sorted(map(str, ids)) for name, ids in named if ids}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: the roles he holds, the departments he sits in, and all those above them."""

    user: UUID | None
    roles: frozenset[UUID]
    departments: frozenset[UUID] = frozenset()
    above: frozenset[UUID] = frozenset()


# The platform: no user, no role; it may do everything, and is asked nothing that only a group is asked.
NOBODY_IN_PARTICULAR: Final = Standing(None, frozenset())


@dataclass(frozen=True, slots=True)
class Pilot:
    """A running pilot."""

    id: UUID
    title: str
    group: Group
    coordinates: tuple[Coordinate, ...]

    def has(self, who: Standing) -> bool:
        """Whether somebody is in the group."""
        group = self.group
        return (
            who.user in group.users
            or not group.roles.isdisjoint(who.roles)
            or not group.departments.isdisjoint(who.departments)
            or not group.trees.isdisjoint(who.departments | who.above)
        )


@dataclass(frozen=True)
class Withheld:
    """What running pilots withhold from somebody who is in none of their groups."""

    pilots: tuple[Pilot, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.pilots)

    @cached_property
    def objects(self) -> frozenset[str]:
        """Objects, by name."""
        return frozenset(each.object_name for each in self.each(Covered.OBJECT))

    @cached_property
    def fields(self) -> frozenset[tuple[str, str]]:
        """Fields, each after the name of its object; not those of withheld objects."""
        return frozenset((each.object_name, each.field_name) for each in self.each(Covered.FIELD))

    @cached_property
    def layouts(self) -> frozenset[UUID]:
        """Layouts, by id."""
        return self.ids(Covered.LAYOUT)

    @cached_property
    def rules(self) -> frozenset[UUID]:
        """Validation rules, by id."""
        return self.ids(Covered.VALIDATION_RULE)

    def ids(self, *kinds: Covered) -> frozenset[UUID]:
        """The ids of everything of some kinds."""
        return frozenset(each.id for kind in kinds for each in self.each(kind))

    def each(self, kind: Covered) -> Iterable[Coordinate]:
        """Everything of one kind."""
        return (each for pilot in self.pilots for each in pilot.coordinates if each.kind is kind)

    def covers(self, object_name: str, field_name: str) -> bool:
        """Whether a field is withheld, by itself or with its object."""
        return object_name in self.objects or (object_name, field_name) in self.fields


NOTHING_WITHHELD: Final = Withheld()


def withheld_from(who: Standing, pilots: Iterable[Pilot]) -> Withheld:
    """What is left of running pilots for somebody: those that he is not in."""
    others = tuple(each for each in pilots if not each.has(who))
    return Withheld(others) if others else NOTHING_WITHHELD


def pilot_of(row: asyncpg.Record) -> Pilot:
    """A pilot from its row."""
    return Pilot(
        UUID(str(row["id"])), str(row["title"]), group_of(row["group"]), tuple(map(coordinate_of, row["coordinates"]))
    )


def group_of(stored: Mapping[str, Iterable[str]]) -> Group:
    """A group from its JSON."""
    return Group(*(frozenset(map(UUID, stored.get(name, ()))) for name in _MEMBERS))


def coordinate_of(stored: Mapping[str, str]) -> Coordinate:
    """A coordinate from its JSON."""
    return Coordinate(Covered(stored["kind"]), UUID(stored["id"]), stored["object"], stored.get("name", ""))
