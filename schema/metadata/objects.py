"""What an object is: its fields by name, its kind, and the words and table that differ between tenants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from schema.metadata.fields import Field, FieldNames, Label


class ObjectKind(StrEnum):
    """Where an object comes from. System objects are read through the compiler and written by verbs of their own."""

    SYSTEM = "system"
    PACK = "pack"
    TENANT = "tenant"


class ObjectState(StrEnum):
    """Life of an object."""

    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Inverse:
    """The many side of a relation: `name` on this object lists records of `object_name` whose `field_name` is this.

    Those of a line table are ordered by the field `lines_by`, and are written together with this object.
    """

    name: str
    object_name: str
    field_name: str
    lines_by: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index over several fields, made by the engine; unique means among live records."""

    fields: tuple[str, ...]
    is_unique: bool = False


@dataclass(frozen=True, slots=True)
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
    # Record tables keep deleted rows until they are destroyed; system objects do not.
    soft_deletes: bool = True

    @property
    def line_tables(self) -> tuple[Inverse, ...]:
        """The inverses whose records are lines of this object."""
        return tuple(each for each in self.inverses if each.lines_by)


@dataclass(frozen=True, slots=True)
class ObjectNames:
    """What differs between tenants of equal shape."""

    number: int
    table: str
    label: Label
    plural_label: Label
    fields: Mapping[str, FieldNames]
