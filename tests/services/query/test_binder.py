"""[H1] The binder refuses names and operators that are not there, and lists every coordinate that a plan touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.query import plan as p
from services.query.binder import Touch, Use, bind, bind_condition
from services.query.errors import FilterTooLarge, OperatorNotOffered, UnknownName
from tests.services.query.asking import ask

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

SIZE = p.Page(p.Parameter(0))


def connection(*parts: p.Edges | p.Nodes | p.Simple, filter_: p.Condition | None = None) -> p.Plan:
    return p.Plan((p.ConnectionRoot("x", p.Connection("company", parts, SIZE, filter_)),))


def nodes(*items: p.Item, of: str = "company") -> p.Plan:
    return connection(p.Nodes("nodes", p.Selection(of, items)))


def nested(times: int) -> p.Condition:
    condition: p.Condition = p.IsEmpty("name")
    for number in range(times):
        condition = p.Not(condition) if number % 2 else p.Follows("parent", condition)
    return condition


@pytest.mark.parametrize(
    "plan",
    [
        nodes(p.Leaf("x", "ghost")),
        nodes(of="ghost"),
        nodes(p.MoneyLeaf("x", "name", ())),
        nodes(p.ChoiceLabel("x", "name")),
        nodes(p.ToOne("x", "name", p.Selection("company", ()))),
        nodes(p.ToOne("x", "parent", p.Selection("deal", ()))),
        nodes(p.ToMany("x", "ghosts", p.Connection("deal", (), SIZE))),
        nodes(p.ToMany("x", "deals", p.Connection("company", (), SIZE))),
        nodes(p.ChildAggregate("x", "ghosts", p.Aggregate("deal", ()))),
        connection(filter_=p.Compare("ghost", "eq", p.Parameter(0))),
        connection(filter_=p.IsEmpty("ghost")),
        connection(filter_=p.Follows("name", p.And(()))),
        connection(filter_=p.Quantified("ghosts", "some", p.And(()))),
        p.Plan((p.RecordRoot("x", p.Selection("ghost", ()), p.Parameter(0)),)),
        p.Plan((p.AggregateRoot("x", p.Aggregate("ghost", ())),)),
        p.Plan((
            p.AggregateRoot("x", p.Aggregate("deal", (p.AggregateNode("y", measure=p.Measure("sum", "ghost")),))),
        )),
    ],
)
def test_unknown_names_are_refused(world_registry: Registry, plan: p.Plan) -> None:
    with pytest.raises(UnknownName):
        bind(world_registry.shape, plan)


@pytest.mark.parametrize(
    "condition",
    [
        p.Compare("industry", "contains", p.Parameter(0)),
        p.Compare("vip", "lt", p.Parameter(0)),
        p.Compare("revenue", "contains", p.Parameter(0), "currency"),
        p.Quantified("deals", "most", p.And(())),
    ],
)
def test_operators_that_a_type_does_not_have_are_refused(world_registry: Registry, condition: p.Condition) -> None:
    with pytest.raises(OperatorNotOffered):
        bind_condition(world_registry.shape, "company", condition)


def test_having_takes_the_operators_of_the_measure(world_registry: Registry) -> None:
    aggregate = p.Aggregate("deal", (), having=(p.Having(p.Measure("count"), "contains", p.Parameter(0)),))

    with pytest.raises(OperatorNotOffered):
        bind(world_registry.shape, p.Plan((p.AggregateRoot("x", aggregate),)))


def test_touches_tell_selecting_from_comparing(world_registry: Registry) -> None:
    plan, _ = ask(
        world_registry,
        '{ deals(filter: {company: {name: {eq: "x"}}}, orderBy: [{stage: ASC}]) { nodes { title companyId } } }',
    )

    bound = bind(world_registry.shape, plan)

    assert bound.touches == {
        Touch("deal"),
        Touch("deal", "title"),
        Touch("deal", "company"),
        Touch("company", use=Use.LINK),
        Touch("deal", "company", Use.COMPARE),
        Touch("company"),
        Touch("company", "name", Use.COMPARE),
        Touch("deal", "stage", Use.COMPARE),
        Touch("deal", "id", Use.COMPARE),
    }
    assert bound.objects == {"deal", "company"}


def test_a_filter_alone_touches_its_object(world_registry: Registry) -> None:
    assert bind_condition(world_registry.shape, "deal", None) == {Touch("deal")}


def test_marked_fields_are_told(world_registry: Registry) -> None:
    plan, _ = ask(world_registry, '{ deals(filter: {secret: {eq: "x"}}) { nodes { title } } }')

    assert bind(world_registry.shape, plan).audited == (("deal", ("secret",)),)


@pytest.mark.parametrize("condition", [p.And((p.IsEmpty("name"),) * 300), nested(20), nested(5_000)])
def test_filters_that_are_too_large_are_refused(world_registry: Registry, condition: p.Condition) -> None:
    with pytest.raises(FilterTooLarge):
        bind_condition(world_registry.shape, "company", condition)


@pytest.mark.parametrize("condition", [p.And((p.IsEmpty("name"),) * 299), nested(19)])
def test_filters_up_to_the_limit_are_bound(world_registry: Registry, condition: p.Condition) -> None:
    assert Touch("company", "name", Use.COMPARE) in bind_condition(world_registry.shape, "company", condition)
