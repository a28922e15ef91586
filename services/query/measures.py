"""What aggregates measure: every measure of a plan once, and the kind of answer that each gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from schema.metadata.types import Function, Operators, Output
from services.query import plan as p
from services.query.names import field_of

if TYPE_CHECKING:
    from schema.metadata.registry import Shape

COUNT = "count"
# How the answer of a measure is compared; money has an answer for each currency, so it has no order and no `having`.
HAVING_FAMILIES: Mapping[Output, Operators] = {
    Output.INT: Operators.INT,
    Output.LONG: Operators.LONG,
    Output.DECIMAL: Operators.DECIMAL,
    Output.DATE: Operators.DATE,
    Output.DATETIME: Operators.DATETIME,
    Output.TIME: Operators.TIME,
    Output.DURATION: Operators.DURATION,
}


def answer_of(shape: Shape, object_name: str, measure: p.Measure) -> Output:
    """The kind of a measure's answer."""
    if measure.function in {COUNT, Function.COUNT_DISTINCT}:
        return Output.INT
    output = field_of(shape, object_name, measure.field).type.output
    if output in {Output.MONEY, Output.DURATION}:
        return output
    if measure.function == Function.AVG:
        return Output.DECIMAL
    return Output.LONG if measure.function == Function.SUM and output is Output.INT else output


def measures(aggregate: p.Aggregate) -> tuple[p.Measure, ...]:
    """Every measure of an aggregate, each once, in the order of first use."""
    found = [measure for node in aggregate.nodes for measure in _node_measures(node)]
    found += [having.measure for having in aggregate.having]
    found += [order.by for order in aggregate.order if isinstance(order.by, p.Measure)]
    return tuple(dict.fromkeys(found))


def _node_measures(node: p.AggregateNode) -> Iterator[p.Measure]:
    if node.measure is not None:
        yield node.measure
    for child in node.children:
        yield from _node_measures(child)
