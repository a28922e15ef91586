"""[G2] Stored criteria: conditions survive storing, choose records by value, and close when they no longer fit."""

from __future__ import annotations

import json

import pytest
from prometheus_client import REGISTRY as METRICS

from services.permissions import Policy, Verb
from services.permissions.loading import of_roles, unrestricted
from services.permissions.rules import rule
from services.query import plan as p
from services.query.binder import DEEPEST_CONDITION
from services.query.criteria import decode, encode
from services.query.errors import FilterTooLarge
from services.query.expressions import kept
from tests.services.query.reference import Reference
from tests.services.query.rows import make_rows, store
from tests.services.query.world import ALICE, World, make_registry, person

EACH = p.And((
    p.Compare("revenue", "gt", p.Parameter(0), "amount"),
    p.Or((p.IsEmpty("name"), p.Not(p.Follows("parent", p.Compare("vip", "eq", p.Parameter(1)))))),
    p.Quantified("deals", "some", p.Compare("stage", "in", p.Parameter(2))),
))
VALUES = ("12.5", True, ["won", "lost"])
REGISTRY = make_registry()
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


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("industry == 'food'", {"industry": {"eq": "food"}}),
        ("parent.vip || staff > 2", {"or": [{"parent": {"vip": {"eq": True}}}, {"staff": {"gt": 2}}]}),
        ("deals.exists(d, d.stage == 'won')", {"deals": {"some": {"stage": {"eq": "won"}}}}),
        (
            "owner == currentUser() || owner == null",
            {"or": [{"ownerId": {"eq": str(ALICE)}}, {"ownerId": {"isEmpty": True}}]},
        ),
        (
            "foundedOn >= today() && foundedOn < today() + days(20)",
            {"foundedOn": {"gte": "2026-04-01", "lt": "2026-04-21"}},
        ),
        ("vip ? staff > 3 : null", {"vip": {"eq": True}, "staff": {"gt": 3}}),
    ],
)
async def test_an_expression_chooses_what_the_filter_would_that_says_the_same(
    world: World, text: str, condition: dict[str, object]
) -> None:
    rows = make_rows(7)
    await store(world, rows)
    await world.sign_in(ALICE)
    stored = kept(world.registry, unrestricted(1), "company", text)
    given = {"filter": condition}
    expected = await world.ask(
        "query ($filter: CompanyFilter) { companies(filter: $filter, first: 1000) { nodes { id } } }", given
    )

    answer = await world.ask(IDS, policy=chosen_by(stored), principal=person(ALICE))

    assert answer["companies"]["nodes"] == expected["companies"]["nodes"]
    assert 0 < answer["companies"]["totalCount"] < len(rows.companies)


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        (f"currentUser() == id('{ALICE}')", True),
        (f"currentUser() != id('{ALICE}')", False),
        ("currentDepartment() == null", True),
        ("currentDepartment() != null", False),
    ],
)
async def test_an_expression_may_ask_only_who_looks(world: World, text: str, *, is_open: bool) -> None:
    rows = make_rows(3)
    await store(world, rows)
    await world.sign_in(ALICE)
    stored = kept(world.registry, unrestricted(1), "company", text)
    every = await world.ask("{ companies { totalCount } }")

    answer = await world.ask("{ companies { totalCount } }", policy=chosen_by(stored), principal=person(ALICE))

    assert answer["companies"]["totalCount"] == (every["companies"]["totalCount"] if is_open else 0)


def test_expressions_that_differ_in_values_share_their_statement() -> None:
    texts = ("staff > 3 && name.contains('x')", "staff > 4 && name.contains('yy')")
    stored = [kept(REGISTRY, unrestricted(1), "company", each) for each in texts]

    rules = [rule("sales", "company", Verb.READ, each) for each in stored]

    assert rules[0].condition == rules[1].condition
    assert [each.values for each in rules] == [("3", "x"), ("4", "yy")]


async def test_a_criterion_that_fits_the_shape_no_more_chooses_nothing(world: World) -> None:
    await store(world, make_rows(5))
    await world.sign_in(ALICE)
    filtered = {"compare": {"field": "retired", "operator": "eq", "operand": 1}}
    said = {"expression": {"field": {"scope": 0, "steps": [["company", "retired"]]}}}

    refused = {"compare": {"field": "vip", "operator": "contains", "operand": "x"}}
    codes = ("UNKNOWN_NAME", "EXPRESSION_OUTDATED", "OPERATOR_NOT_OFFERED")
    before = [counted(each) for each in codes]

    answer = await world.ask(
        "{ companies { totalCount } }", policy=chosen_by(filtered, said, refused), principal=person(ALICE)
    )

    assert answer["companies"] == {"totalCount": 0}
    assert [counted(each) for each in codes] == [each + 1 for each in before]


async def test_any_other_fault_in_a_criterion_is_not_taken_for_an_old_shape(world: World) -> None:
    """A role that opens nothing because of a defect of ours would look like one that says so."""
    deep: dict[str, object] = {"isEmpty": {"field": "name"}}
    for _ in range(DEEPEST_CONDITION):
        deep = {"not": deep}
    await world.sign_in(ALICE)

    with pytest.raises(FilterTooLarge):
        await world.ask(IDS, policy=chosen_by(deep), principal=person(ALICE))


def counted(code: str) -> float:
    return METRICS.get_sample_value("kezhi_outdated_criteria_total", {"code": code}) or 0.0
