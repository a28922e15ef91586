"""What objects ask of their records, and what is wrong with a record by it; told in `docs/capabilities/field_rules.md`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from tests.journeys.at_random.computing import holds

if TYPE_CHECKING:
    from tests.journeys.at_random.computing import Condition

Values: TypeAlias = "Mapping[str, Any]"  # Any: JSON


@dataclass
class Asked:
    """One rule: of several fields that are unique together, of a record, or of when a field is there, filled or kept."""

    kind: str
    number: int
    # Of a condition of one field.
    field: str = ""
    together: tuple[str, ...] = ()
    condition: Condition | None = None
    id: UUID | None = None
    is_retired: bool = False

    @property
    def looks_at(self) -> set[str]:
        """The fields that the rule would not be without, beside its own."""
        return {*self.together} if self.condition is None else self.condition.looks_at


def wrong_with(
    asked: Sequence[Asked], before: Values | None, after: Values, *, required: Collection[str], defaults: Values
) -> set[str]:
    """Why a record is refused that becomes so; `required` are the fields that are there to be filled whatever else holds."""
    moved = {name for name, value in after.items() if before is None or before.get(name) != value}
    given = {
        name
        for name in moved
        if before is not None or not (_is_empty(after[name]) or after[name] == defaults.get(name))
    }
    found = set()
    for each in asked:
        if each.kind == "rule" and each.condition and each.looks_at & moved and holds(each.condition, after) is False:
            found.add("RULE_BROKEN")
    for name in {each.field for each in asked if each.field}:
        by_kind = {each.kind: each.condition for each in asked if each.field == name and each.condition}
        is_there = "visibleIf" not in by_kind or holds(by_kind["visibleIf"], after) is True
        is_kept = "readOnlyIf" in by_kind and holds(by_kind["readOnlyIf"], after) is True
        is_asked = "requiredIf" in by_kind and holds(by_kind["requiredIf"], after) is True
        concerns = {name}.union(*(by_kind[kind].looks_at for kind in ("visibleIf", "requiredIf") if kind in by_kind))
        if name in given and not is_there and not _is_empty(after[name]):
            found.add("FIELD_INVISIBLE")
        elif name in given and is_kept:
            found.add("READ_ONLY")
        is_due = is_asked or (name in required and "visibleIf" in by_kind)
        if is_there and is_due and _is_empty(after.get(name)) and concerns & moved:
            found.add("REQUIRED")
    return found


def hidden_by(asked: Sequence[Asked]) -> set[str]:
    """The fields that are not always there."""
    return {each.field for each in asked if each.kind == "visibleIf"}


def are_alike(records: Sequence[Values], names: Sequence[str]) -> bool:
    """Whether two of these records hold the same in all of these fields."""
    filled = [[each.get(name) for name in names] for each in records]
    told = [json.dumps(each) for each in filled if None not in each]
    return len(told) != len(set(told))


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [])
