"""What an object is: its fields by name, its kind, and the words and table that differ between tenants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from schema.metadata.fields import Field, FieldNames, Label
from schema.metadata.interning import digest_of
from tenants.sql import Slot


class ObjectKind(StrEnum):
    """Where an object comes from. System objects are read through the compiler and written by verbs of their own."""

    SYSTEM = "system"
    PACK = "pack"
    TENANT = "tenant"


class ObjectState(StrEnum):
    """Life of an object; of a destroyed one only name and number are left."""

    LIVE = "live"
    RETIRED = "retired"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Link:
    """The links of a many-to-many field: whose field it is, and whether they are looked at from its other side."""

    object_name: str
    field_name: str
    is_backward: bool = False

    @property
    def table(self) -> Slot:
        """Its table."""
        return Slot(self.object_name, self.field_name)


@dataclass(frozen=True, slots=True)
class Inverse:
    """The many side of a relation: `name` on this object lists records of `object_name` whose `field_name` is this.

    Those of a line table are ordered by the field `lines_by`, and are written together with this object. Those of a
    many-to-many field are what its links lead to: no field of theirs points here.
    """

    name: str
    object_name: str
    field_name: str
    lines_by: str = ""
    link: Link | None = None

    @property
    def decided_by(self) -> tuple[str, str]:
        """The object and the field whose rights decide who follows it."""
        return (
            (self.object_name, self.field_name) if self.link is None else (self.link.object_name, self.link.field_name)
        )


@dataclass(frozen=True, slots=True)
class Index:
    """An index over several fields, made by the engine; unique means among live records."""

    fields: tuple[str, ...]
    is_unique: bool = False
    # Not there yet: a job builds it beside the writers, who keep the rule by other means until then.
    is_building: bool = False


@dataclass(frozen=True)
class Object:
    """The shape of one object. `fields` and `inverses` are sorted by name."""

    name: str
    plural: str
    kind: ObjectKind
    fields: tuple[Field, ...]
    inverses: tuple[Inverse, ...] = ()
    indexes: tuple[Index, ...] = ()
    title_field: str = ""
    audit_reads: bool = False
    # The person field that record scopes look at; empty where nobody owns a record.
    owner_field: str = "owner"
    # Its many-to-many fields, sorted by name; their values are links and stand among the inverses.
    links: tuple[Field, ...] = ()
    # Its lookups, sorted by name; the shape knows what they show.
    lookups: tuple[Field, ...] = ()
    # Record tables keep deleted rows until they are destroyed; system objects do not.
    soft_deletes: bool = True

    # An object is a value and never changes, and tenants of equal objects share one.
    @cached_property
    def digest(self) -> bytes:
        """SHA-256 over its canonical text."""
        return digest_of(self)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Its fields by name."""
        return MappingProxyType({field.name: field for field in self.fields})

    @cached_property
    def inverses_by_name(self) -> Mapping[str, Inverse]:
        """Its inverses by name."""
        return MappingProxyType({each.name: each for each in self.inverses})

    @property
    def line_tables(self) -> tuple[Inverse, ...]:
        """The inverses whose records are lines of this object."""
        return tuple(each for each in self.inverses if each.lines_by)

    @property
    def link_fields(self) -> tuple[Inverse, ...]:
        """What its own many-to-many fields lead to."""
        return tuple(each for each in self.inverses if each.link is not None and not each.link.is_backward)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ObjectNames:
    """What differs between tenants of equal shape."""

    number: int
    table: str
    label: Label
    plural_label: Label
    fields: Mapping[str, FieldNames]
