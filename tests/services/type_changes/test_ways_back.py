"""[A11] The way back through what a field was, past what was taken back and brought again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.tables.type_changes import TypeChangeState
from services.type_changes.ways_back import steps_back, way_back
from tests.builders.type_changes import sides_of

if TYPE_CHECKING:
    from services.type_changes.ways_back import Change

DONE, UNDONE, FAILED, DROPPED = (
    *(TypeChangeState.DONE, TypeChangeState.UNDONE),
    *(TypeChangeState.FAILED, TypeChangeState.DROPPED),
)


def change(source: str, target: str, state: TypeChangeState = DONE, undoes: str | None = None) -> Change:
    """Named by the columns that it led between; columns by the type that they had."""
    return {
        "id": source + target,
        "state": state,
        "source": {"column": source},
        "target": {"column": target},
        "undoes_id": undoes,
    }


FORTH = (change("a", "b"), change("b", "c"))
# From c to what a was: a2 stands for a.
BACK = (change("a", "b", UNDONE), change("b", "c"), change("c", "a2", undoes="ab"))


@pytest.mark.parametrize(
    ("changes", "column", "wanted", "way"),
    [
        (FORTH, "c", "a", ["bc", "ab"]),
        (FORTH, "c", "b", ["bc"]),
        (FORTH, "c", "c", []),
        (BACK, "a2", "a", []),
        (BACK, "a2", "c", ["ca2"]),
        (BACK, "a2", "b", ["ca2", "bc"]),
        # Who made what was taken back leads further.
        ((change("a", "b"), change("b", "c", UNDONE), change("c", "b2", undoes="bc")), "b2", "a", ["ab"]),
        ((change("a", "b", DROPPED), change("b", "c")), "c", "a", None),
        ((change("a", "b"), change("b", "c", FAILED)), "c", "a", None),
        ((), "a", "b", None),
    ],
)
def test_shortest_way_is_found(changes: tuple[Change, ...], column: str, wanted: str, way: list[str] | None) -> None:
    found = way_back(changes, column, wanted)

    assert (None if found is None else [each["id"] for each in found]) == way


def test_each_step_knows_the_one_before_it() -> None:
    both = sides_of("longText", "text")
    rows = [
        {"source": _side("integer", "f_2"), "target": _side("longText", "f_old")},
        {"source": _side("text", "f_1"), "target": _side("integer", "f_2")},
    ]

    found = steps_back(both, rows)

    types = [
        [(way.source.field.type_name, way.field.type_name) for way in (step.did, step.on, step.straight)]
        for step in found
    ]
    assert types == [
        [("integer", "longText"), ("longText", "integer"), ("longText", "text")],
        [("text", "integer"), ("integer", "text"), ("integer", "text")],
    ]
    assert [step.did.source.column for step in found] == ["f_2", "f_1"]


def _side(type_name: str, column: str) -> dict[str, object]:
    return {
        "type": type_name, "options": {}, "isUnique": False, "isIndexed": False, "column": column, "choices": [],
    }  # fmt: skip
