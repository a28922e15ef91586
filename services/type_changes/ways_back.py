"""Which changes lead a field back to what it was in a column of its past, and what each of them did to values. Pure.

A field that was brought back has a new column, which stands for the one that it had: whoever looks for either finds both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from schema.tables.type_changes import TypeChangeState
from services.type_changes import sides as parts

if TYPE_CHECKING:
    from schema.metadata.conversions import Sides

# Any: a row as it is stored.
Change: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True, slots=True)
class StepBack:
    """One change that is taken back: what it did, and the ways of a value that somebody wrote after it."""

    did: Sides
    # To what the field was before the change.
    on: Sides
    # To what it becomes in the end.
    straight: Sides


def way_back(changes: Sequence[Change], column: str, wanted: str) -> tuple[Change, ...] | None:
    """The changes to take back, the last one first: none where the field is that already, None where no way is left."""
    makers = {each["target"]["column"]: each for each in changes if each["state"] != TypeChangeState.FAILED}
    goal, seen = _alike(changes, makers, wanted)[-1], set[str]()
    ways: deque[tuple[str, tuple[Change, ...]]] = deque([(column, ())])
    while ways:
        at, way = ways.popleft()
        alike = _alike(changes, makers, at)
        if alike[-1] == goal:
            return way
        if at in seen:
            continue
        seen.add(at)
        found = (makers.get(each) for each in alike)
        ways.extend(
            (maker["source"]["column"], (*way, maker))
            for maker in found
            if maker is not None and maker["state"] == TypeChangeState.DONE
        )
    return None


def steps_back(sides: Sides, changes: Sequence[Change]) -> tuple[StepBack, ...]:
    """What the changes did, for values that go from one side to the other; the last of them first."""
    made, level = [], sides.source
    for at, change in enumerate(changes, start=1):
        source = parts.as_it_was(sides.source, change["source"])
        did = replace(sides, source=source, target=parts.restored(sides.source, change["target"]))
        straight = replace(sides, source=level)
        on = straight if at == len(changes) else replace(straight, target=source)
        made.append(StepBack(did, on, straight))
        level = source
    return tuple(made)


def _alike(changes: Sequence[Change], makers: Mapping[str, Change], column: str) -> list[str]:
    """A column with those that it stands for, back to the first."""
    sources = {each["id"]: each["source"]["column"] for each in changes}
    found = [column]
    while (maker := makers.get(found[-1])) is not None and maker["undoes_id"] in sources:
        found.append(sources[maker["undoes_id"]])
    return found
