"""What somebody asks to be defined or changed: plain values, nothing checked yet.

In a change, nothing means untouched; an empty word leaves the word of that language as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from schema.metadata.fields import NO_LABEL, Label

NO_OPTIONS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ChoiceDraft:
    """A choice; without a key one is made from the label."""

    label: Label
    key: str = ""


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """A field; without a name one is made from the label."""

    label: Label
    type: str
    name: str = ""
    required: bool = False
    is_unique: bool = False
    is_indexed: bool = False
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    choices: tuple[ChoiceDraft, ...] = ()
    target: str = ""
    inverse_name: str = ""
    inverse_label: Label = NO_LABEL
    delete_rule: str = ""
    # Those of a line table.
    fields: tuple[FieldDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectDraft:
    """An object with its first fields; names are made from the labels where they are not given."""

    label: Label
    plural_label: Label = NO_LABEL
    name: str = ""
    plural_name: str = ""
    title_field: str = ""
    fields: tuple[FieldDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """What changes about an object."""

    label: Label = NO_LABEL
    plural_label: Label = NO_LABEL
    title_field: str | None = None
    audit_reads: bool | None = None
    # The version that the change goes by; nothing if any will do.
    if_version: int | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What changes about a field; an option that is nothing is taken away."""

    label: Label = NO_LABEL
    inverse_label: Label = NO_LABEL
    required: bool | None = None
    is_unique: bool | None = None
    is_indexed: bool | None = None
    audit_reads: bool | None = None
    position: int | None = None
    delete_rule: str | None = None
    # Whether the many of a relation are lines of its target.
    is_line_table: bool | None = None
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    if_version: int | None = None


@dataclass(frozen=True, slots=True)
class ChoiceChange:
    """What changes about a choice; the position counts from zero."""

    label: Label = NO_LABEL
    position: int | None = None
