from __future__ import annotations

import pytest

from resolvers.selection.filters import condition, order
from services.query import NullOperand
from services.query.plan import (
    And,
    Compare,
    Condition,
    Direction,
    Follows,
    IsEmpty,
    Not,
    Or,
    OrderBy,
    Parameter,
    Quantified,
)
from tests.builders.selections import input_type, reading


def read(given: object, name: str = "CustomerFilter") -> tuple[Condition, list[object]]:
    made = reading()
    return condition(made, input_type(name), given), made.sources


def test_one_operator_is_one_comparison() -> None:
    assert read({"name": {"eq": "甲"}}) == (Compare("name", "eq", Parameter(0)), ["甲"])


def test_members_of_a_filter_all_hold() -> None:
    found, values = read({"name": {"startsWith": "甲", "ne": "甲乙"}, "level": {"in": ["a"]}})

    assert found == And((
        And((Compare("name", "startsWith", Parameter(0)), Compare("name", "ne", Parameter(1)))),
        Compare("level", "in", Parameter(2)),
    ))
    assert values == ["甲", "甲乙", ["a"]]


def test_emptiness_is_shape() -> None:
    assert read({"phone": {"isEmpty": True}}) == (IsEmpty("phone"), [])
    assert read({"phone": {"isEmpty": False}}) == (Not(IsEmpty("phone")), [])


def test_logic_nests() -> None:
    found, _ = read({"or": [{"name": {"eq": "a"}}, {"not": {"name": {"eq": "b"}}}], "and": []})

    assert found == And((Or((Compare("name", "eq", Parameter(0)), Not(Compare("name", "eq", Parameter(1))))), And(())))


def test_filter_follows_relations_and_quantifies_over_inverses() -> None:
    found, _ = read({"owner": {"name": {"eq": "a"}}, "opportunities": {"some": {"stage": {"eq": "won"}}, "none": {}}})

    assert found == And((
        Follows("owner", Compare("name", "eq", Parameter(0))),
        And((
            Quantified("opportunities", "some", Compare("stage", "eq", Parameter(1))),
            Quantified("opportunities", "none", And(())),
        )),
    ))


def test_money_is_compared_by_its_parts() -> None:
    found, values = read(
        {"amount": {"amount": {"gte": 5}, "currency": {"eq": "CNY"}, "isEmpty": False}}, "OpportunityFilter"
    )

    assert found == And((
        Compare("amount", "gte", Parameter(0), "amount"),
        Compare("amount", "eq", Parameter(1), "currency"),
        Not(IsEmpty("amount")),
    ))
    assert values == [5, "CNY"]


@pytest.mark.parametrize(
    ("given", "name", "place"),
    [
        ({"name": None}, "name", ()),
        ({"name": {"eq": None}}, "eq", ("name",)),
        ({"and": None}, "and", ()),
        ({"or": [{}, {"not": {"name": None}}]}, "name", ("or", 1, "not")),
        ({"owner": None}, "owner", ()),
        ({"owner": {"name": {"eq": None}}}, "eq", ("owner", "name")),
        ({"opportunities": {"some": None}}, "some", ("opportunities",)),
        (
            {"opportunities": {"some": {"amount": {"currency": {"eq": None}}}}},
            "eq",
            ("opportunities", "some", "amount", "currency"),
        ),
    ],
)
def test_null_operand_is_refused_by_name_and_place(given: object, name: str, place: tuple[str | int, ...]) -> None:
    with pytest.raises(NullOperand) as refused:
        read(given)

    assert (refused.value.details, refused.value.at) == ({"name": name}, (*place, name))


def test_order_is_read_key_by_key_over_relations() -> None:
    keys = [{"name": "ASC"}, {"owner": {"department": {"name": "DESC"}}}]

    assert order(input_type("CustomerOrder"), keys) == (
        OrderBy(("name",), Direction.ASC),
        OrderBy(("owner", "department", "name"), Direction.DESC),
    )
    assert order(input_type("CustomerOrder"), None) == ()
