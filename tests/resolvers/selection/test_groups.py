from __future__ import annotations

import pytest

from resolvers.selection.errors import GroupKeyNotTrue, NotGrouped
from services.query import NullOperand
from services.query.plan import (
    Aggregate,
    AggregateNode,
    AggregateOrder,
    AggregateRoot,
    ChoiceLabel,
    Direction,
    GroupKey,
    Having,
    Measure,
    Parameter,
)
from tenants.errors import Fault
from tests.builders.selections import compiled, root_of


def aggregate(arguments: str, selection: str) -> Aggregate:
    root = root_of(f"{{ opportunitiesAggregate{arguments} {{ {selection} }} }}")
    assert isinstance(root, AggregateRoot)
    return root.aggregate


def test_without_keys_there_is_one_group() -> None:
    found = aggregate("", "count n: count")

    assert found == Aggregate(
        "opportunity", (AggregateNode("count", measure=Measure("count")), AggregateNode("n", measure=Measure("count")))
    )


def test_keys_are_fields_dates_and_paths() -> None:
    found = aggregate(
        '(groupBy: [{stage: true}, {closeOn: MONTH}, {customer: {industry: true}}], zone: "UTC")', "count"
    )

    assert found.group_by == (
        GroupKey(("stage",)),
        GroupKey(("closeOn",), "MONTH", Parameter(0)),
        GroupKey(("customer", "industry")),
    )


def test_group_members_point_at_their_key() -> None:
    found = aggregate(
        "(groupBy: [{stage: true}, {customer: {industry: true}}])",
        "group { where: customer { industry __typename } stage }",
    )

    assert found.nodes == (
        AggregateNode(
            "group",
            (
                AggregateNode(
                    "where", (AggregateNode("industry", group=1), AggregateNode("__typename", name="CustomerGroup"))
                ),
                AggregateNode("stage", group=0),
            ),
        ),
    )


def test_words_of_a_choice_stand_beside_their_key() -> None:
    found = aggregate(
        "(groupBy: [{stage: true}, {customer: {industry: true}}])",
        'group { stageLabel customer { called: industryLabel(locale: "en") } }',
    )

    words = ChoiceLabel("stageLabel", "stage"), ChoiceLabel("called", "industry", Parameter(0))
    assert found.nodes[0].children == (
        AggregateNode("stageLabel", group=0, label=words[0]),
        AggregateNode("customer", (AggregateNode("called", group=1, label=words[1]),)),
    )


def test_words_of_what_is_not_grouped_are_refused() -> None:
    with pytest.raises(NotGrouped):
        aggregate("(groupBy: [{closeOn: MONTH}])", "group { stageLabel }")


def test_money_has_its_parts_below_the_measure() -> None:
    found = aggregate("", "sum { total: amount { value: amount currency } probability } __typename")

    assert found.nodes == (
        AggregateNode(
            "sum",
            (
                AggregateNode(
                    "total",
                    (AggregateNode("value", name="amount"), AggregateNode("currency", name="currency")),
                    Measure("sum", "amount"),
                ),
                AggregateNode("probability", measure=Measure("sum", "probability")),
            ),
        ),
        AggregateNode("__typename", name="OpportunityAggregate"),
    )


def test_groups_are_chosen_and_ordered() -> None:
    found = aggregate(
        '(groupBy: [{stage: true}, {customer: {name: true}}], having: {count: {gte: 2}, avg: {probability: {lt: "50"}}},'
        " orderBy: [{count: DESC}, {group: {customer: {name: ASC}}}, {max: {closeOn: ASC}}], first: 5)",
        "count",
    )

    assert [(each.measure, each.operator) for each in found.having] == [
        (Measure("count"), "gte"),
        (Measure("avg", "probability"), "lt"),
    ]
    assert found.order == (
        AggregateOrder(Measure("count"), Direction.DESC),
        AggregateOrder(1, Direction.ASC),
        AggregateOrder(Measure("max", "closeOn"), Direction.ASC),
    )
    assert isinstance(found.having[0], Having)
    assert found.size is not None


@pytest.mark.parametrize(
    ("arguments", "selection", "fault"),
    [
        ("(groupBy: [{stage: true}])", "group { closeOn }", NotGrouped),
        ("(groupBy: [{stage: false}])", "count", GroupKeyNotTrue),
        ("(groupBy: [{stage: true}], orderBy: [{group: {closeOn: ASC}}])", "count", NotGrouped),
        ("(having: {count: null})", "count", NullOperand),
    ],
)
def test_what_does_not_fit_together_is_refused(arguments: str, selection: str, fault: type[Fault]) -> None:
    refused = compiled(f"{{ opportunitiesAggregate{arguments} {{ {selection} }} }}").refused

    assert [type(each) for each in refused.values()] == [fault]
