from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.types import Output
from services.query import plan as p
from services.query.measures import answer_of, measures

if TYPE_CHECKING:
    from schema.metadata.registry import Registry


@pytest.mark.parametrize(
    ("measure", "output"),
    [
        (p.Measure("count"), Output.INT),
        (p.Measure("countDistinct", "industry"), Output.INT),
        (p.Measure("sum", "staff"), Output.LONG),
        (p.Measure("sum", "version"), Output.LONG),
        (p.Measure("avg", "staff"), Output.DECIMAL),
        (p.Measure("max", "foundedOn"), Output.DATE),
        (p.Measure("avg", "revenue"), Output.MONEY),
    ],
)
def test_answers_of_measures(world_registry: Registry, measure: p.Measure, output: Output) -> None:
    assert answer_of(world_registry.shape, "company", measure) is output


def test_measures_are_listed_once_wherever_they_stand() -> None:
    count, total = p.Measure("count"), p.Measure("sum", "amount")
    aggregate = p.Aggregate(
        "deal",
        (p.AggregateNode("a", measure=count), p.AggregateNode("b", (p.AggregateNode("c", measure=total),))),
        having=(p.Having(count, "gt", p.Parameter(0)),),
        order=(p.AggregateOrder(p.Measure("max", "closeOn"), p.Direction.ASC), p.AggregateOrder(0, p.Direction.ASC)),
    )

    assert measures(aggregate) == (count, total, p.Measure("max", "closeOn"))
