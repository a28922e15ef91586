"""Rules over the fields of an object as they are kept: conditions, what must hold of a record, and which choices go together.

They are no part of the shape: no statement and no schema depends on them, so tenants of equal shape share those. What they
mean for a record that is being written is `services.records.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.fields import NO_LABEL, Label

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked expression: its text, and its tree as JSON text, which clients read as well."""

    text: str
    tree: str


@dataclass(frozen=True, slots=True)
class OfferedChoices:
    """Which choices of a field are offered for each choice of another one (`by`); for any other value, none."""

    by: str
    offered: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class FieldRules:
    """What is asked of one field, beyond what its type and its own value say."""

    required_if: Condition | None = None
    visible_if: Condition | None = None
    read_only_if: Condition | None = None
    offered: OfferedChoices | None = None

    @property
    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Those that are there, by the names that the API has for them."""
        named = (("requiredIf", self.required_if), ("visibleIf", self.visible_if), ("readOnlyIf", self.read_only_if))
        return ((name, each) for name, each in named if each is not None)


NO_RULES = FieldRules()


class RuleState(StrEnum):
    """Life of a validation rule."""

    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """What must not be false of a record (校验规则), what is said where it is, and the fields that it is said of."""

    id: UUID
    name: str
    condition: Condition
    message: Label = NO_LABEL
    fields: tuple[str, ...] = ()
    state: RuleState = RuleState.LIVE
    pack: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it is asked."""
        return self.state is RuleState.LIVE


@dataclass(frozen=True, slots=True)
class ObjectRules:
    """Everything that is asked of the records of one object: by field, and of the whole record."""

    fields: Mapping[str, FieldRules]
    validation: tuple[ValidationRule, ...]


def rules_of(thing: ObjectDefinition) -> ObjectRules | None:
    """The live rules of an object; nothing where there are none."""
    fields = {each.name: each.rules for each in thing.fields if not each.is_retired and each.rules != NO_RULES}
    validation = tuple(each for each in thing.validation if each.is_live)
    return ObjectRules(MappingProxyType(fields), validation) if fields or validation else None
