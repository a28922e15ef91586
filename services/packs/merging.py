"""The three-way merge of an upgrade: what the pack proposed last, what it proposes now, what the tenant has. Pure.

Works on rows, property by property. The tenant's value wins wherever the tenant changed it; where the pack changed the
same property, the conflict is listed. What the pack no longer names stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from schema.metadata import rows

Row: TypeAlias = Mapping[str, object]
_OPTION = "options."


@dataclass(frozen=True, slots=True)
class PackConflict:
    """A property that both sides changed; `where` is a path like `customer.level`."""

    where: str
    property: str
    tenant: object
    pack: object


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows of one table after the merge."""

    rows: tuple[Row, ...]
    conflicts: tuple[PackConflict, ...]


def merge(present: Sequence[Row], proposed: Sequence[Row], names: Sequence[str], where: Callable[[Row], str]) -> Merged:
    """All rows that are there, those of the pack merged with what it proposes, and the pack's new ones behind."""
    offers = {str(row["id"]): row for row in proposed}
    known = {str(row["id"]) for row in present}
    merged: list[Row] = []
    conflicts: list[PackConflict] = []
    for row in present:
        offer = offers.get(str(row["id"]))
        if offer is None:
            merged.append(row)
        else:
            values, found = _merge_row(row, offer, names, where(row))
            merged.append(_with(row, values))
            conflicts += found
    added = (row for row in proposed if str(row["id"]) not in known)
    return Merged((*merged, *added), tuple(conflicts))


def _merge_row(row: Row, offer: Row, names: Iterable[str], where: str) -> tuple[dict[str, object], list[PackConflict]]:
    ours, theirs = rows.properties(row, names), rows.properties(offer, names)
    base = rows.json_object(row.get("pack_values"))
    values: dict[str, object] = {}
    conflicts = []
    for name in sorted(ours.keys() | theirs.keys()):
        mine, new, old = ours.get(name), theirs.get(name), base.get(name)
        values[name] = new if mine == old else mine
        if mine not in (old, new) and new != old:
            conflicts.append(PackConflict(where, name, mine, new))
    return values, conflicts


def _with(row: Row, values: Mapping[str, object]) -> Row:
    plain = {name: value for name, value in values.items() if not name.startswith(_OPTION)}
    if "state" in plain and row["state"] == "building" and plain["state"] == "live":
        del plain["state"]
    if "options" not in row:
        return {**row, **plain}
    options = {
        name.removeprefix(_OPTION): value
        for name, value in values.items()
        if name.startswith(_OPTION) and value is not None
    }
    return {**row, **plain, "options": options}
