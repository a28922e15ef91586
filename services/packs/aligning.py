"""Finds what a pack proposes among what a tenant has, by id or by name, and says whose it is. Pure.

A name means the same thing for ever, so that what a smaller pack made is found by the one that it grows to, and what
another pack made by a form template that adds to it. What the tenant made itself is never taken over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from services.packs.errors import PackKindChanged, PackNameTaken
from services.packs.rows import Part, Row

if TYPE_CHECKING:
    from services.packs.model import Pack
    from services.packs.reading import Findings

# Of these a tenant's own is not joined: another thing by the same name would come of it.
_NAMED: Final = frozenset({"object_definition", "field_definition"})
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Aligned:
    """Proposed rows with the ids of the tenant's rows; `mine` are those that are the pack's, there or new."""

    rows: Mapping[str, list[Row]]
    mine: frozenset[str]
    # What each row is called, for whoever reads about it: `customer.level`.
    names: Mapping[str, str] = field(default_factory=dict)


def align(
    pack: Pack,
    parts: Sequence[Part],
    present: Mapping[str, Sequence[Row]],
    offered: Mapping[str, list[Row]],
    found: Findings,
) -> Aligned:
    """The rows of some kinds, those that others belong to first."""
    ids: dict[object, object] = {}
    names: dict[str, str] = {}
    mine: set[str] = set()
    # What the tenant made itself is told once, and not again of everything in it.
    others: set[str] = set()
    made: dict[str, list[Row]] = {}
    for part in parts:
        there = {_key(part, row): row for row in present[part.name]}
        by_id = {str(row["id"]): row for row in present[part.name]}
        made[part.name] = []
        for row in offered[part.name]:
            own = {**row, part.owner: ids.get(row[part.owner], row[part.owner])} if part.owner else dict(row)
            old = by_id.get(str(own["id"])) or there.get(_key(part, own))
            name = _name(part, own, names)
            if old is not None:
                if str(own.get(part.owner or "")) not in others:
                    with found.at(pack.place(*name.split("."))):
                        _refuse_other(part, old, own)
                if part.name in _NAMED and not old["pack"]:
                    others.add(str(old["id"]))
                own |= {each: old[each] for each in ("id", *part.kept)}
            ids[row["id"]] = own["id"]
            names[str(own["id"])] = name
            if old is None or old["pack"] in pack.makers:
                mine.add(str(own["id"]))
            made[part.name].append(own)
    for row in (row for part in parts for row in made[part.name] if row.get("parent_id") is not None):
        row["parent_id"] = ids[row["parent_id"]]
    return Aligned(made, frozenset(mine), names)


def _refuse_other(part: Part, old: Row, new: Row) -> None:
    if part.name in _NAMED and not old["pack"]:
        raise PackNameTaken(name=str(new["name"]))
    for each in part.fixed:
        if old[each] != new[each]:
            # Stored values cannot follow a field that becomes something else; a pack makes a new field instead.
            raise PackKindChanged(
                property=each.replace("_", " "), present=str(old[each])[:_LONGEST], given=str(new[each])[:_LONGEST]
            )


def _key(part: Part, row: Row) -> tuple[object, ...]:
    owner = (str(row[part.owner]),) if part.owner else ()
    named = (tuple(value) if isinstance(value := row[each], list | tuple) else value for each in part.key)
    return (*owner, *named)


def _name(part: Part, row: Row, names: Mapping[str, str]) -> str:
    match part.name:
        case "index_definition":
            fields = row["fields"]
            own = f"indexes.{','.join(fields) if isinstance(fields, list | tuple) else fields}"
        case "validation_rule":
            own = f"rules.{row['name']}"
        case "dictionary":
            own = f"dictionaries.{row['name']}"
        case _:
            own = str(row[part.key[0]])
    return f"{names[str(row[part.owner])]}.{own}" if part.owner else own
