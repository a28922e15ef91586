"""[A10] A running pilot as a value: who is in its group, and what it withholds from all others."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.permissions.pilots import (
    NOBODY_IN_PARTICULAR,
    NOTHING_WITHHELD,
    Coordinate,
    Covered,
    Group,
    Pilot,
    Standing,
    Withheld,
    coordinate_of,
    group_of,
    withheld_from,
)


def number(n: int) -> UUID:
    return UUID(int=n)


ME, ROLE, SEAT, ABOVE, THING = map(number, range(1, 6))
WHO = Standing(ME, frozenset({ROLE}), frozenset({SEAT}), frozenset({SEAT, ABOVE}))
COVERED = (
    Coordinate(Covered.OBJECT, number(10), "device"),
    Coordinate(Covered.FIELD, number(11), "customer", "warranty"),
    Coordinate(Covered.LAYOUT, number(12), "customer"),
    Coordinate(Covered.VALIDATION_RULE, number(13), "customer"),
    Coordinate(Covered.UNIQUE_RULE, number(14), "customer"),
)


def pilot(group: Group = Group(), n: int = 1) -> Pilot:  # noqa: B008 - a value that never changes
    return Pilot(number(100 + n), f"Trial {n}", group, COVERED)


@pytest.mark.parametrize(
    ("group", "is_in"),
    [
        (Group(users=frozenset({ME})), True),
        (Group(roles=frozenset({ROLE, THING})), True),
        (Group(departments=frozenset({SEAT})), True),
        (Group(departments=frozenset({ABOVE})), False),
        (Group(trees=frozenset({ABOVE})), True),
        (Group(trees=frozenset({SEAT})), True),
        (Group(users=frozenset({ROLE}), roles=frozenset({ME}), trees=frozenset({THING})), False),
        (Group(), False),
    ],
)
def test_group_holds_whom_anything_of_it_names(group: Group, is_in: bool) -> None:
    assert pilot(group).has(WHO) is is_in
    assert withheld_from(WHO, [pilot(group)]) == (NOTHING_WITHHELD if is_in else Withheld((pilot(group),)))


def test_each_pilot_that_somebody_is_not_in_withholds_something() -> None:
    mine, other = pilot(Group(users=frozenset({ME})), 1), pilot(n=2)

    assert withheld_from(WHO, [mine, other]).pilots == (other,)
    assert withheld_from(NOBODY_IN_PARTICULAR, [mine, other]).pilots == (mine, other)
    assert (bool(NOTHING_WITHHELD), bool(Withheld((other,)))) == (False, True)


def test_what_is_withheld_is_told_by_kind() -> None:
    withheld = Withheld((pilot(),))

    assert withheld.objects == {"device"}
    assert withheld.fields == {("customer", "warranty")}
    assert [*withheld.layouts, *withheld.rules] == [number(12), number(13)]
    assert withheld.ids(Covered.OBJECT, Covered.FIELD) == {number(10), number(11)}
    asked = (("device", "name"), ("device", ""), ("customer", "warranty"), ("customer", "name"))
    assert [withheld.covers(*each) for each in asked] == [True, True, True, False]


def test_group_and_coordinates_come_back_from_their_rows() -> None:
    group = Group(frozenset({ROLE}), frozenset({SEAT}), frozenset({ABOVE}), frozenset({ME, THING}))

    assert group_of(group.stored()) == group
    assert group_of({}) == Group()
    assert Group(users=frozenset({ME})).stored() == {"userIds": [str(ME)]}
    assert tuple(coordinate_of(each.stored()) for each in COVERED) == COVERED
