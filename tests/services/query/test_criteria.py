"""[G2] Stored criteria: conditions survive storing, choose records by value, and close when they no longer fit."""

from __future__ import annotations

import json

import pytest

from services.permissions import Policy, Verb
from services.permissions.loading import of_roles
from services.permissions.rules import rule
from services.query import plan as p
from services.query.criteria import decode, encode
from tests.services.query.reference import Reference
from tests.services.query.rows import make_rows, store
from tests.services.query.world import ALICE, World, person

EACH = p.And((
    p.Compare("revenue", "gt", p.Parameter(0), "amount"),
    p.Or((p.IsEmpty("name"), p.Not(p.Follows("parent", p.Compare("vip", "eq", p.Parameter(1)))))),
    p.Quantified("deals", "some", p.Compare("stage", "in", p.Parameter(2))),
))
VALUES = ("12.5", True, ["won", "lost"])
IDS = "{ companies(first: 1000) { nodes { id } totalCount } }"


def chosen_by(*conditions: object) -> Policy:
    rules = [rule("sales", "company", Verb.READ, each) for each in conditions]
    return of_roles(["sales"], [], is_admin=False, version=1, criteria=rules)


def test_a_stored_condition_is_the_same_condition_with_its_values_in_place() -> None:
    stored = json.loads(json.dumps(encode(EACH, VALUES)))

    made = rule("sales", "company", Verb.READ, stored)

    assert stored["and"][0] == {"compare": {"field": "revenue", "operator": "gt", "operand": "12.5", "part": "amount"}}
    assert made.values == VALUES
    assert decode(json.loads(made.condition)) == EACH


@pytest.mark.parametrize(
    "condition",
    [{"industry": {"eq": "food"}}, {"parent": {"vip": {"eq": True}}}, {"deals": {"none": {"stage": {"eq": "won"}}}}],
)
async def test_criteria_choose_what_the_same_filter_would(world: World, condition: dict[str, object]) -> None:
    rows = make_rows(5)
    await store(world, rows)
    await world.sign_in(ALICE)
    stored: dict[str, object] = {
        "industry": {"compare": {"field": "industry", "operator": "eq", "operand": "food"}},
        "parent": {
            "follows": {
                "field": "parent",
                "condition": {"compare": {"field": "vip", "operator": "eq", "operand": True}},
            }
        },
        "deals": {
            "quantified": {
                "inverse": "deals",
                "quantifier": "none",
                "condition": {"compare": {"field": "stage", "operator": "eq", "operand": "won"}},
            }
        },
    }
    expected = [each["id"] for each in Reference(rows).matching("company", condition)]

    answer = await world.ask(IDS, policy=chosen_by(stored[next(iter(condition))]), principal=person(ALICE))

    assert {each["id"] for each in answer["companies"]["nodes"]} == {str(each) for each in expected}
    assert answer["companies"]["totalCount"] == len(expected)


async def test_a_criterion_that_fits_the_shape_no_more_chooses_nothing(world: World) -> None:
    await store(world, make_rows(5))
    await world.sign_in(ALICE)
    gone = {"compare": {"field": "retired", "operator": "eq", "operand": 1}}

    answer = await world.ask(IDS, policy=chosen_by(gone), principal=person(ALICE))

    assert answer["companies"] == {"nodes": [], "totalCount": 0}
