"""What is kept of objects, fields and records: what they are now, and what of it must come back.

Values are kept as the API answers them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from schema.metadata.naming import id_member, ids_member
from tests.journeys.at_random.asked import Asked
from tests.journeys.at_random.computing import Condition

Value: TypeAlias = Any  # Any: JSON
POINTING = frozenset({"relation", "person", "department"})


@dataclass(frozen=True)
class Before:
    """What a field was before its type changed: its type, and what the records of that version held."""

    type_name: str
    values: Mapping[UUID, tuple[int, Value]]


@dataclass
class FieldModel:
    """One field. A choice is true while it is offered."""

    name: str
    type_name: str
    is_retired: bool = False
    required: bool = False
    unique: bool = False
    indexed: bool = False
    default: Value = None
    # What it is in another type nobody can tell where no record held it.
    is_default_known: bool = True
    pattern: str = ""
    choices: dict[str, bool] = field(default_factory=dict)
    # The name of the dictionary that they are of.
    dictionary: str = ""
    target: str = ""
    inverse: str = ""
    delete_rule: str = "unlink"
    # Of the relation of a line to its head: the field that orders the lines. That one is the platform's to write.
    lines_by: str = ""
    is_kept: bool = False
    # Of a derived field: what it reads and of which types, the relation that it goes along, whose relation that is, the field behind.
    reads: Mapping[tuple[str, str], str] = field(default_factory=dict)
    along: str = ""
    child: str = ""
    of: str = ""
    function: str = ""
    condition: Condition | None = None
    before: Before | None = field(default=None, repr=False)

    @property
    def member(self) -> str:
        """What an input calls it."""
        if self.type_name == "persons":
            return ids_member(self.name)
        return id_member(self.name) if self.type_name in POINTING else self.name

    @property
    def is_entered(self) -> bool:
        """Whether it is a column that somebody writes."""
        return not (self.reads or self.is_kept) and self.type_name not in {"lookup", "relations"}

    @property
    def is_choosing(self) -> bool:
        """Whether it has choices; those of another type that it had are none."""
        return self.type_name in {"choice", "multiChoice"}

    def begins_with(self, key: str) -> bool:
        """Whether new records have this choice."""
        return self.is_choosing and key in self._default_keys()

    def move_default(self, old: str, new: str) -> None:
        """What is merged into another one is the default no longer, the other one is."""
        if self.begins_with(old):
            moved = {new if key == old else key for key in self._default_keys()}
            self.default = new if isinstance(self.default, str) else [key for key in self.choices if key in moved]

    def lose_default(self) -> None:
        """Coming back, it has no default that is not offered."""
        if self.is_choosing and self.default is not None:
            kept = [key for key in self._default_keys() if self.choices.get(key)]
            self.default = (kept or None) if isinstance(self.default, list) else (kept[0] if kept else None)

    def _default_keys(self) -> list[str]:
        if self.default is None:
            return []
        return [str(each) for each in self.default] if isinstance(self.default, list) else [str(self.default)]

    @property
    def offered(self) -> list[str]:
        return [key for key, is_offered in self.choices.items() if is_offered]


@dataclass
class RecordModel:
    """One record. What lies in the bin knows whose deletion took it there, and who lost a link to it."""

    values: dict[str, Value]
    version: int = 1
    deletion: UUID | None = None
    unlinked: list[tuple[str, str, UUID]] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.deletion is None


@dataclass
class ThingModel:
    """One object."""

    name: str
    fields: dict[str, FieldModel] = field(default_factory=dict, repr=False)
    records: dict[UUID, RecordModel] = field(default_factory=dict, repr=False)
    asked: list[Asked] = field(default_factory=list)
    is_retired: bool = False

    @property
    def live(self) -> dict[UUID, RecordModel]:
        return {each: record for each, record in self.records.items() if record.is_live}

    @property
    def deleted(self) -> dict[UUID, RecordModel]:
        return {each: record for each, record in self.records.items() if not record.is_live}

    @property
    def to_heads(self) -> list[FieldModel]:
        """The relations that make its records lines; one, if all is well."""
        return [each for each in self.fields.values() if each.lines_by and not each.is_retired]

    def repeated(self, name: str) -> int:
        """How many values of a field more than one live record holds."""
        held = [json.dumps(each.values[name]) for each in self.live.values() if each.values.get(name) is not None]
        return len({each for each in held if held.count(each) > 1})


@dataclass
class DictionaryModel:
    """One dictionary. An entry is true while it is offered."""

    id: UUID
    name: str
    entries: dict[str, bool]


@dataclass(frozen=True)
class ViewModel:
    """One saved view, and the fields that it has as columns."""

    id: UUID
    object_name: str
    columns: list[str]
