"""Takes one publication back from a snapshot of definitions. Pure.

What came with it is retired, because values must survive; what it retired lives again; every property is set back. The type
of a field is not a property: its values have to move, so that whoever undoes does that first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from schema.metadata import rows
from services.change_sets.errors import Gone
from services.metadata import DICTIONARY, Snapshot, rows_of
from tenants.errors import Violation

if TYPE_CHECKING:
    from services.metadata import RowChange

OBJECTS, FIELDS, CHOICES, INDEXES, RULES = (
    *("object_definition", "field_definition", "choice_option"),
    *("index_definition", "validation_rule"),
)
_TABLES: Final = (OBJECTS, FIELDS, CHOICES, INDEXES, RULES)
# What goes with the type of a field.
_OF_TYPE: Final = frozenset({"type", "column_name", "options", "is_unique", "is_indexed"})
_RETIRED: Final[Mapping[str, Mapping[str, object]]] = {CHOICES: {"retired": True}}
_Row = dict[str, object]


class Was(NamedTuple):
    """Where a field's values stood, and its type unless that is the one that it has."""

    column: str
    type_name: str


def retyped(changes: Sequence[RowChange]) -> frozenset[UUID]:
    """The fields whose values a publication brought into another column."""
    return frozenset(first_of((changes,)))


def first_of(publications: Iterable[Sequence[RowChange]]) -> dict[UUID, Was]:
    """What these fields were before the first of the publications, the last one of which comes first."""
    found: dict[UUID, Was] = {}
    for changes in publications:
        for each in changes:
            if each.table == FIELDS and each.before is not None and "column_name" in each.before:
                known = found.get(each.id, Was("", ""))
                found[each.id] = Was(str(each.before["column_name"]), str(each.before.get("type", known.type_name)))
    return found


def undone(
    now: Snapshot, changes: Sequence[RowChange], *, leave: frozenset[UUID], typed: AbstractSet[UUID]
) -> tuple[Snapshot, tuple[Violation, ...]]:
    """The definitions without what a publication changed, and what stands in the way.

    `leave` is retired later on, and fields in `typed` have the type that they had before this publication or earlier.
    """
    stored = _stored(now)
    moved, violations = retyped(changes), []
    for each in changes:
        row = stored[each.table].get(each.id) if each.table in stored else None
        if row is None or each.id in leave or _goes_along(each, row, stored, moved, leave):
            continue
        if not _undo(row, each, is_retyped=each.id in typed):
            name = ".".join(filter(None, (each.object_name, each.field_name, each.name)))
            violations.append(Violation(("to", name), Gone(name=name)))
    return _snapshot(now, stored), tuple(violations)


def retired(now: Snapshot, ids: Iterable[UUID]) -> Snapshot:
    """The definitions with these retired; the fields of an object stay as they are, and go and come with it."""
    stored = _stored(now)
    for row_id in ids:
        for table in _TABLES:
            row = stored[table].get(row_id)
            if row is None or row.get("state") == "destroyed":
                continue
            # What a dictionary offers is offered by every field that follows it.
            if table != CHOICES or not _follows_dictionary(stored[FIELDS][UUID(str(row["field_id"]))]):
                row.update(_RETIRED.get(table, {"state": "retired"}))
    return _snapshot(now, stored)


def added_by(publications: Iterable[Sequence[RowChange]]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """What came since, and of it what does not come along with something else that did."""
    found = {
        each.id: each for changes in publications for each in changes if each.before is None and each.table in _TABLES
    }
    parents = {row_id: _parent(each) for row_id, each in found.items()}
    return frozenset(found), frozenset(row_id for row_id, parent in parents.items() if parent not in found)


def _parent(change: RowChange) -> UUID | None:
    held = change.after or {}
    above = held.get("field_id") or held.get("object_id")
    return None if above is None else UUID(str(above))


def _goes_along(
    each: RowChange,
    row: _Row,
    stored: Mapping[str, Mapping[UUID, _Row]],
    moved: AbstractSet[UUID],
    leave: frozenset[UUID],
) -> bool:
    """Whether something above it decides: an object or a field that came since, another type, a dictionary."""
    if each.table in {INDEXES, RULES, FIELDS}:
        return row["object_id"] in leave
    if each.table != CHOICES:
        return False
    field_id = UUID(str(row["field_id"]))
    field = stored[FIELDS][field_id]
    return field_id in leave or field["object_id"] in leave or field_id in moved or _follows_dictionary(field)


def _follows_dictionary(field: _Row) -> bool:
    return rows.json_object(field["options"]).get(DICTIONARY) is not None


def _undo(row: _Row, change: RowChange, *, is_retyped: bool) -> bool:
    before = {} if change.before is None else dict(change.before)
    if row.get("state") == "destroyed":
        return before.get("state") not in {"live", "building"}
    if is_retyped:
        before = {name: value for name, value in before.items() if name not in _OF_TYPE}
    if "options" in before:
        # A field follows its dictionary, which is kept once for many forms.
        kept, wanted = rows.json_object(row["options"]), rows.json_object(before["options"])
        named = {DICTIONARY: kept[DICTIONARY]} if kept.get(DICTIONARY) is not None else {}
        before["options"] = {**{name: each for name, each in wanted.items() if name != DICTIONARY}, **named}
    row.update(before)
    return True


def _stored(now: Snapshot) -> dict[str, dict[UUID, _Row]]:
    return {table: {row_id: dict(row) for row_id, row in found.items()} for table, found in rows_of(now).items()}


def _snapshot(now: Snapshot, stored: Mapping[str, Mapping[UUID, _Row]]) -> Snapshot:
    known = {each.id: each for each in now.objects}
    made = rows.definitions(*(stored[table].values() for table in _TABLES))
    objects = {each.id: known[each.id] if known.get(each.id) == each else each for each in made}
    # In the order in which they were.
    return Snapshot(tuple(objects[each.id] for each in now.objects), now.version, now.converting)
