"""What a field is: the shape that tenants share, and beside it the words and physical names that they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from schema.metadata.types import FIELD_TYPES, LINKED, SHOWN, FieldType

# Any other language is read as Chinese.
ENGLISH = "en"

OptionValue: TypeAlias = str | int | bool | tuple[str, ...] | None
# A field of an object.
Coordinate: TypeAlias = tuple[str, str]


class FieldState(StrEnum):
    """Life of a field. A building field is written and read, its index or unique rule is not there yet.

    Of a destroyed one only name and number are left, so that nothing that still says them comes to mean something else.
    """

    LIVE = "live"
    BUILDING = "building"
    RETIRED = "retired"
    DESTROYED = "destroyed"


class DeleteRule(StrEnum):
    """What deleting the target does to the record that points at it."""

    RESTRICT = "restrict"
    CASCADE = "cascade"
    UNLINK = "unlink"


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to one record of another object, and the name under which the other side sees the many."""

    target: str
    inverse_name: str
    delete_rule: DeleteRule = DeleteRule.UNLINK
    # The field by which the target orders the many: with it they are its lines (line table, 子表), written with it.
    lines_by: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a field. Retired ones stay readable."""

    key: str
    retired: bool = False


@dataclass(frozen=True)
class Field:
    """The shape of one field. `options` is sorted by key, so that equal shapes are equal values."""

    name: str
    type_name: str
    required: bool = False
    is_unique: bool = False
    is_indexed: bool = False
    read_only: bool = False
    audit_reads: bool = False
    state: FieldState = FieldState.LIVE
    options: tuple[tuple[str, OptionValue], ...] = ()
    choices: tuple[Choice, ...] = ()
    relation: Relation | None = None

    # What every written value asks for is worked out once: a field is a value and never changes.
    @cached_property
    def type(self) -> FieldType:
        """The row of the type table; of a derived field that of its result."""
        row = FIELD_TYPES[self.type_name]
        result = self.option("result") if row.results else None
        return row if result is None else row.as_result(result)

    @cached_property
    def reads(self) -> tuple[Coordinate, ...]:
        """What a derived field is computed from."""
        given = self.option("reads") if self.type.derivation is not None else ()
        return tuple(coordinate(each) for each in given) if isinstance(given, tuple) else ()

    def option(self, key: str) -> OptionValue:
        """One option, or nothing."""
        return self._options.get(key)

    @cached_property
    def _options(self) -> Mapping[str, OptionValue]:
        return dict(self.options)

    @cached_property
    def choice_keys(self) -> tuple[str, ...]:
        """The keys of its choices in their order, retired ones too."""
        return tuple(choice.key for choice in self.choices)

    @cached_property
    def offered_keys(self) -> tuple[str, ...]:
        """The keys of the choices that may still be given, in their order."""
        return tuple(choice.key for choice in self.choices if not choice.retired)

    @property
    def is_linked(self) -> bool:
        """Whether its values are links to many records, kept in a table of their own."""
        return self.type_name in LINKED

    @property
    def is_shown(self) -> bool:
        """Whether it only shows a field of another record."""
        return self.type_name in SHOWN

    @cached_property
    def is_searched(self) -> bool:
        """Whether search looks through its values."""
        return self.option("search") is True

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The columns this field really has: companions only where its options ask for them."""
        wanted = {
            "sort": self.option("sortKey") is not None,
            "norm": self.option("normalForm") is not None or self.is_unique,
            "search": self.is_searched,
            "grams": self.is_searched,
        }
        return tuple(part for part in self.type.columns if wanted.get(part, True))


def coordinate(text: str) -> Coordinate:
    """A field of an object, as options write it: `customer.name`."""
    object_name, _, field_name = text.partition(".")
    return object_name, field_name


@dataclass(frozen=True, slots=True)
class Label:
    """Words in both languages; either may be empty."""

    zh: str = ""
    en: str = ""

    def text(self, language: str, fallback: str) -> str:
        """The asked language, then the other one, then the API name; a language that we do not have is read as Chinese."""
        first, second = (self.en, self.zh) if language == ENGLISH else (self.zh, self.en)
        return first or second or fallback


NO_LABEL = Label()


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What differs between tenants of equal shape: number, column, words."""

    number: int
    column: str
    label: Label
    choice_labels: Mapping[str, Label]
    inverse_label: Label = NO_LABEL
    position: int = 0
