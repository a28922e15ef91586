"""A derived field tells nobody what the fields that it is computed from do not tell him."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.permissions import EVERYONE, Level, ObjectRights, Policy
from services.permissions.derived import limited
from services.permissions.policy import NO_RIGHTS, freeze

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN = ObjectRights(read=EVERYONE)
SOURCES = {
    ("head", "next"): frozenset({("head", "price")}),
    ("head", "sum"): frozenset({("line", "amount"), ("line", "head")}),
    ("head", "both"): frozenset({("head", "price"), ("line", "amount"), ("line", "head")}),
}


def levels(rights: Mapping[str, ObjectRights]) -> dict[str, Level]:
    policy = limited(Policy(freeze(rights), 1), SOURCES)
    return {name: policy.on("head").level(name) for name in ("next", "sum", "both", "price")}


def closed(name: str, level: Level) -> ObjectRights:
    return ObjectRights(read=EVERYONE, fields=((name, level),))


def test_whoever_reads_everything_keeps_his_level() -> None:
    assert set(levels({"head": OPEN, "line": OPEN}).values()) == {Level.WRITE}


@pytest.mark.parametrize("level", [Level.NONE, Level.MASKED])
def test_closed_or_masked_field_closes_what_is_derived_of_it(level: Level) -> None:
    assert levels({"head": closed("price", level), "line": OPEN}) == {
        "next": Level.NONE,
        "sum": Level.WRITE,
        "both": Level.NONE,
        "price": level,
    }


@pytest.mark.parametrize("rights", [closed("amount", Level.NONE), closed("head", Level.MASKED), NO_RIGHTS])
def test_closed_many_side_closes_its_roll_up(rights: ObjectRights) -> None:
    found = levels({"head": OPEN, "line": rights})

    assert (found["next"], found["sum"], found["both"]) == (Level.WRITE, Level.NONE, Level.NONE)


def test_field_that_is_closed_by_itself_stays_closed() -> None:
    assert levels({"head": closed("next", Level.NONE), "line": OPEN})["next"] is Level.NONE


def test_object_on_which_nothing_is_open_needs_no_exception() -> None:
    rights = ObjectRights(read=EVERYONE, fields=(("next", Level.READ),), default_level=Level.NONE)

    assert limited(Policy(freeze({"head": rights}), 1), SOURCES).on("head").fields == ()


def test_rights_of_every_other_object_are_limited_too() -> None:
    policy = limited(Policy(freeze({"line": NO_RIGHTS}), 1, others=OPEN), SOURCES)

    assert (policy.on("head").level("sum"), policy.on("head").level("next")) == (Level.NONE, Level.WRITE)
    assert policy.on("other") == OPEN
