"""What differs between two snapshots of definitions: as rows that lead back, and as something to read. Pure.

Physical names and checked trees lead back but are nobody's to read; ids and numbers never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from schema.metadata import naming
from services.metadata.store import rows_of

if TYPE_CHECKING:
    from services.metadata.snapshot import Snapshot

OBJECT, FIELD, CHOICE, RULE, UNIQUE, LAYOUT = "object", "field", "choice", "validationRule", "uniqueRule", "layout"
ADDED, CHANGED, RETIRED, RESTORED, DESTROYED, REMOVED = (
    *("added", "changed", "retired", "restored"),
    *("destroyed", "removed"),
)
_KINDS: Mapping[str, str] = {
    "object_definition": OBJECT,
    "field_definition": FIELD,
    "choice_option": CHOICE,
    "validation_rule": RULE,
    "index_definition": UNIQUE,
    "layout": LAYOUT,
}
# What nobody reads, and what says where something is instead of how it is.
_SILENT = frozenset({
    *("id", "object_id", "field_id", "number", "pack", "table_name", "column_name"),
    *("tree", "required_if_tree", "visible_if_tree", "read_only_if_tree"),
})
_NOTHING: Final[tuple[object, ...]] = (None, "", False, [], {}, 0)


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a table: what it held that it holds no longer, and what it holds instead; nothing where there was no row."""

    table: str
    id: UUID
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    # Where it is and what it is called, as an administrator finds it.
    object_name: str = ""
    field_name: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """One property in the spelling of the API."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is added, changed, retired, restored, destroyed or removed; `name` is the key of a choice, or a rule's."""

    kind: str
    action: str
    id: UUID
    object_name: str
    field_name: str = ""
    name: str = ""
    properties: tuple[Property, ...] = ()

    @property
    def coordinate(self) -> str:
        """Object, field and name, with dots between."""
        return ".".join(each for each in (self.object_name, self.field_name, self.name) if each)


def row_changes(before: Snapshot, after: Snapshot) -> tuple[RowChange, ...]:
    """The rows of definitions that are not the same."""
    old_objects = {each.id: each for each in before.objects}
    moved = {each.id for each in after.objects if old_objects.get(each.id) is not each}
    old, new = (_rows(_only(each, moved)) for each in (before, after))
    names = _names(after, moved)
    return tuple(
        RowChange(table, row_id, *_parts(old[table].get(row_id), row), *names[row_id])
        for table, rows in new.items()
        for row_id, row in rows.items()
        if old[table].get(row_id) != row
    )


def differences(changes: Iterable[RowChange]) -> tuple[Difference, ...]:
    """The same to read."""
    return tuple(made for each in changes if (made := _difference(each)) is not None)


def between(before: Snapshot, after: Snapshot) -> tuple[Difference, ...]:
    """What differs between two snapshots."""
    return differences(row_changes(before, after))


def _difference(change: RowChange) -> Difference | None:
    properties = tuple(_properties(change))
    if not properties and change.before is not None and change.after is not None:
        return None
    action = _action(change)
    place = (change.object_name, change.field_name, change.name)
    return Difference(_KINDS[change.table], action, change.id, *place, properties)


def _action(change: RowChange) -> str:
    if change.before is None:
        return ADDED
    if change.after is None:
        return REMOVED
    was, now = _life(change.before), _life(change.after)
    if was == now:
        return CHANGED
    return {"retired": RETIRED, "destroyed": DESTROYED}.get(str(now), RESTORED)


def _life(row: Mapping[str, object]) -> object:
    if "retired" in row:
        return "retired" if row["retired"] else "live"
    return row.get("state")


def _properties(change: RowChange) -> Iterator[Property]:
    before, after = change.before or {}, change.after or {}
    for name in sorted(after or before):
        was, now = before.get(name), after.get(name)
        if name in _SILENT or was == now or (change.before is None and now in _NOTHING):
            continue
        yield Property(naming.camel(name), was, now)


def _rows(snapshot: Snapshot) -> Mapping[str, Mapping[UUID, Mapping[str, object]]]:
    """An index that is still being built is nobody's decision."""
    return {
        table: {
            row_id: {**row, "state": "live"} if row.get("state") == "building" else row for row_id, row in rows.items()
        }
        for table, rows in rows_of(snapshot).items()
    }


def _parts(
    before: Mapping[str, object] | None, after: Mapping[str, object]
) -> tuple[Mapping[str, object] | None, Mapping[str, object]]:
    if before is None:
        return None, after
    names = [name for name, value in after.items() if before[name] != value]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _only(snapshot: Snapshot, ids: Iterable[UUID]) -> Snapshot:
    wanted = set(ids)
    return type(snapshot)(tuple(each for each in snapshot.objects if each.id in wanted), snapshot.version)


def _names(snapshot: Snapshot, ids: Iterable[UUID]) -> Mapping[UUID, tuple[str, str, str]]:
    found: dict[UUID, tuple[str, str, str]] = {}
    for thing in _only(snapshot, ids).objects:
        found[thing.id] = (thing.name, "", "")
        found |= {each.id: (thing.name, "", each.name) for each in thing.validation}
        found |= {each.id: (thing.name, "", ", ".join(each.index.fields)) for each in thing.indexes}
        for field in thing.fields:
            found[field.id] = (thing.name, field.name, "")
            found |= {each.id: (thing.name, field.name, each.key) for each in field.choices}
    return found
