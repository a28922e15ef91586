"""The object that a verb writes, with everything the verb needs to know of it: shape, names, rights of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.errors import UnknownObject
from schema.metadata.fields import Field, FieldState
from schema.metadata.naming import id_member, ids_member
from schema.metadata.objects import Object, ObjectKind
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.metadata.registry import Registry
from services import metadata, permissions
from services.permissions.policy import Level, ObjectRights, Policy, Verb
from services.records.errors import BulkNotAllowed, ObjectNotWritable, TooManyRecords
from services.records.rulebooks import Rulebook, kept_rulebook, without
from tenants.context import Work

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_SET = 1000
OWNER = "owner"


@dataclass(frozen=True)
class Target:
    """One object under one verb's hands."""

    work: Work
    registry: Registry
    policy: Policy
    object: Object
    # A set that was chosen at once: the records must lie within the scope of that right too.
    in_bulk: bool = False

    @property
    def name(self) -> str:
        """The object's API name."""
        return self.object.name

    @property
    def number(self) -> int:
        """The number that ids of this object carry."""
        return self.registry.names[self.name].number

    @property
    def rights(self) -> ObjectRights:
        """What the caller may do with records of this object."""
        return self.policy.on(self.name)

    @property
    def author(self) -> UUID | None:
        """The user whose name stands on the record; the platform leaves it empty."""
        return self.work.principal.user_id

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Fields that exist for writers, by name."""
        return {field.name: field for field in self.object.fields if field.state is not FieldState.RETIRED}

    @cached_property
    def by_input(self) -> Mapping[str, Field]:
        """Fields by the name that inputs use: relations are named by their id."""
        return {input_name(field): field for field in self.fields.values()}

    @cached_property
    def filled_fields(self) -> tuple[tuple[str, Field], ...]:
        """Fields with a default, and those that must not stay empty, each after the name that inputs use."""
        return tuple(
            (name, field)
            for name, field in self.by_input.items()
            if field.required or field.name == self.object.owner_field or field.option("default") is not None
        )

    @cached_property
    def unique_fields(self) -> tuple[Field, ...]:
        """Fields of which no two live records have the same value."""
        return tuple(field for field in self.fields.values() if field.is_unique)

    @cached_property
    def stored_fields(self) -> Mapping[str, Field]:
        """Fields whose columns a write fills; id, version, times and authors are the statement's own."""
        return {name: field for name, field in self.fields.items() if name == OWNER or name not in RECORD_FIELD_NAMES}

    @cached_property
    def to_heads(self) -> tuple[Field, ...]:
        """The relations by which these are lines of others; every write of them asks for those several times."""
        found = self.stored_fields.values()
        return tuple(each for each in found if each.relation is not None and each.relation.lines_by)

    @cached_property
    def rulebook(self) -> Rulebook:
        """What is asked of the records by whoever writes: what a pilot keeps to its group binds nobody else."""
        book = kept_rulebook(self.work, self.registry, self.name)
        if not self.policy.withheld:
            return book
        closed = frozenset(name for name, field in self.fields.items() if self.is_withheld(field))
        return without(book, closed, self.policy.withheld)

    def is_withheld(self, field: Field) -> bool:
        """Whether the field, or what it points at, is kept to a group that the caller is not in: nobody asks him for it."""
        withheld = self.policy.withheld
        target = field.relation.target if field.relation is not None else ""
        return bool(withheld) and (withheld.covers(self.name, field.name) or target in withheld.objects)

    def field_number(self, name: str) -> int:
        """The number of a field in history."""
        return self.registry.names[self.name].fields[name].number

    def may_write(self, field_name: str) -> bool:
        """Whether the caller may write a field."""
        return self.rights.level(field_name) is Level.WRITE

    def beside(self, object_name: str) -> Target:
        """Another object of the same tenant, for the same caller."""
        return Target(self.work, self.registry, self.policy, self.registry.shape.objects[object_name])


async def open_target(work: Work, object_name: str, *verbs: Verb, in_bulk: bool = False) -> Target:
    """The object, if it has records and the caller may do one of these with some of them."""
    registry = await metadata.registry(work)
    thing = registry.shape.objects.get(object_name)
    if thing is None or thing.kind is ObjectKind.SYSTEM:
        raise UnknownObject(name=object_name)
    target = Target(work, registry, await permissions.policy(work), thing, in_bulk)
    if not any(target.rights.arms(verb) for verb in verbs):
        raise ObjectNotWritable(object=object_name)
    if in_bulk and not target.rights.arms(Verb.BULK):
        raise BulkNotAllowed(object=object_name)
    return target


def input_name(field: Field) -> str:
    """How inputs name a field."""
    if field.type.has_several:
        return ids_member(field.name)
    return id_member(field.name) if field.type.is_relation else field.name


def refuse_too_many(count: int) -> None:
    """More than one set may hold is a job's work, not one transaction's."""
    if count > LARGEST_SET:
        raise TooManyRecords(max=LARGEST_SET, count=count)
