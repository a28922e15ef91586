"""[G2] Levels of fields and criteria: what several roles give adds up, and values stay out of fingerprints."""

from __future__ import annotations

import pytest

from services.permissions import EVERYONE, NOBODY, Criteria, Level, Mask, ObjectRights, Verb
from services.permissions.policy import UNRESTRICTED_RIGHTS
from services.permissions.rules import (
    CriteriaRule,
    FieldGrant,
    Restriction,
    levels,
    masks,
    numbered,
    restricted,
    rights_by_criteria,
    rule,
)

EAST = {"compare": {"field": "region", "operator": "eq", "operand": "east"}}
WEST = {"compare": {"field": "region", "operator": "eq", "operand": "west"}}
SHAPE = '{"compare": {"field": "region", "operand": 0, "operator": "eq"}}'


@pytest.mark.parametrize(
    ("given", "roles", "expected"),
    [
        ({"sales": Level.MASKED}, ["sales"], Level.MASKED),
        ({"sales": Level.MASKED, "service": Level.NONE}, ["sales", "service"], Level.MASKED),
        ({"sales": Level.NONE}, ["sales", "service"], Level.WRITE),
        ({"sales": Level.NONE}, [], Level.WRITE),
        ({"sales": Level.READ, "service": Level.WRITE}, ["sales"], Level.READ),
    ],
)
def test_the_highest_level_of_the_roles_holds(given: dict[str, Level], roles: list[str], expected: Level) -> None:
    grants = [FieldGrant(role, "customer", "phone", level) for role, level in given.items()]

    assert dict(levels(grants, roles, "customer")).get("phone", Level.WRITE) is expected
    assert levels(grants, roles, "contact") == ()


@pytest.mark.parametrize("name", ["id", "version", "createdAt", "updatedAt"])
def test_what_is_never_null_is_never_closed(name: str) -> None:
    assert levels([FieldGrant("sales", "customer", name, Level.NONE)], ["sales"], "customer") == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"sales": "phone"}, {"phone": Mask.PHONE}),
        ({"sales": "full", "service": "mail"}, {"phone": Mask.MAIL}),
        ({"sales": "full", "service": ""}, {}),
        ({"sales": "name"}, {}),
        ({"finance": "phone"}, {}),
    ],
)
def test_of_several_masks_the_one_that_shows_most_holds(given: dict[str, str], expected: dict[str, Mask]) -> None:
    grants = [FieldGrant(role, "customer", "phone", Level.MASKED, mask) for role, mask in given.items()]

    assert dict(masks(grants, ["sales", "service"], "customer")) == expected
    assert masks(grants, ["sales", "service"], "contact") == ()


@pytest.mark.parametrize("verb", Verb)
def test_a_restricted_verb_has_no_arms_whatever_is_granted(verb: Verb) -> None:
    left = restricted(UNRESTRICTED_RIGHTS, [Restriction("sales", "customer", verb)], "customer")

    assert [each for each in Verb if left.arms(each) != EVERYONE] == [verb]
    assert left.arms(verb) == NOBODY
    assert restricted(UNRESTRICTED_RIGHTS, [Restriction("sales", "lead", verb)], "customer") == UNRESTRICTED_RIGHTS
    assert restricted(UNRESTRICTED_RIGHTS, [Restriction("sales", "*", verb)], "customer") == left


def test_a_restricted_field_is_open_no_further_than_the_level() -> None:
    rights = ObjectRights(read=EVERYONE, fields=(("level", Level.NONE),))
    caps = [
        Restriction("sales", "customer", field_name=name, level=level)
        for name, level in (("phone", Level.MASKED), ("level", Level.READ), ("id", Level.NONE), ("phone", Level.READ))
    ]

    assert restricted(rights, caps, "customer").fields == (("level", Level.NONE), ("phone", Level.MASKED))


def test_values_are_apart_from_the_condition() -> None:
    nested = {"and": [EAST, {"not": {"follows": {"field": "owner", "condition": WEST}}}]}

    made = rule("sales", "customer", Verb.READ, nested)

    assert made.values == ("east", "west")
    assert "east" not in made.condition
    assert rule("sales", "customer", Verb.READ, EAST) == CriteriaRule("sales", "customer", Verb.READ, SHAPE, ("east",))


def test_equal_criteria_have_one_number_and_reach_as_far_as_the_farthest() -> None:
    rules = [
        rule("sales", "customer", Verb.READ, WEST),
        rule("sales", "customer", Verb.READ, EAST),
        rule("service", "customer", Verb.UPDATE, EAST),
        rule("service", "lead", Verb.DELETE, EAST),
    ]

    rights = rights_by_criteria(rules, "customer")

    assert [each.values for each in numbered(rules, "customer")] == [("east",), ("west",)]
    assert rights.read == (Criteria(0, SHAPE), Criteria(1, SHAPE))
    assert (rights.update, rights.delete) == ((Criteria(0, SHAPE),), NOBODY)
    assert rights_by_criteria(rules, "lead").delete == (Criteria(0, SHAPE),)
