"""Stored criteria: conditions of a plan or expressions as JSON, and what they become in SQL where a caller's scope is written.

A criterion judges the record, not the caller: what stands inside it ranges over all live records. One that no longer
fits the shape (its field was retired) chooses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter

from services import expressions
from services.expressions import ExpressionOutdated
from services.query import plan as p
from services.query.binder import bind_condition
from services.query.compilation import Compilation, Criterion
from services.query.conditions import condition_sql
from services.query.errors import OperatorNotOffered, UnknownName
from services.query.expressions import EXPRESSION, expression_sql
from services.query.scopes import FALSE
from tenants.sql import Fragment, sql

if TYPE_CHECKING:
    from services.permissions import Criteria

OUTDATED = Counter(
    "kezhi_outdated_criteria_total",
    "Criteria written into a statement as FALSE because they fit the shape no more, by what was refused.",
    ("code",),
)
# Any: parsed JSON, read by name below.
_READERS: Mapping[str, Callable[[Any], p.Condition]] = {
    "compare": lambda given: p.Compare(
        given["field"], given["operator"], p.Parameter(given["operand"]), given.get("part", "")
    ),
    "isEmpty": lambda given: p.IsEmpty(given["field"]),
    "follows": lambda given: p.Follows(given["field"], decode(given["condition"])),
    "quantified": lambda given: p.Quantified(given["inverse"], given["quantifier"], decode(given["condition"])),
    "and": lambda given: p.And(tuple(map(decode, given))),
    "or": lambda given: p.Or(tuple(map(decode, given))),
    "not": lambda given: p.Not(decode(given)),
}


def encode(  # noqa: PLR0911 - one return for each kind of condition
    condition: p.Condition, values: p.Values
) -> dict[str, Any]:
    """A condition as it is stored, each operand as its value; values are those of JSON, as a caller sends them."""
    match condition:
        case p.Compare():
            stored = {"field": condition.field, "operator": condition.operator,
                      "operand": values[condition.operand.position]}  # fmt: skip
            return {"compare": stored | ({"part": condition.part} if condition.part else {})}
        case p.IsEmpty():
            return {"isEmpty": {"field": condition.field}}
        case p.Follows():
            return {"follows": {"field": condition.field, "condition": encode(condition.condition, values)}}
        case p.Quantified():
            inner = encode(condition.condition, values)
            return {
                "quantified": {"inverse": condition.inverse, "quantifier": condition.quantifier, "condition": inner}
            }
        case p.And():
            return {"and": [encode(each, values) for each in condition.conditions]}
        case p.Or():
            return {"or": [encode(each, values) for each in condition.conditions]}
        case p.Not():
            return {"not": encode(condition.condition, values)}


def decode(stored: Mapping[str, Any]) -> p.Condition:
    """The condition of a stored criterion, whose operands are positions among its values."""
    ((kind, given),) = stored.items()
    return _READERS[kind](given)


def criteria_sql(c: Compilation, arm: Criteria, object_name: str, alias: str) -> Fragment:
    """Whether the record behind an alias meets a criterion."""
    inside, stored = c.inside(Criterion(object_name, arm.number)), json.loads(arm.condition)
    try:
        written = _written(inside, stored, object_name, alias)
    except (ExpressionOutdated, OperatorNotOffered, UnknownName) as outdated:
        OUTDATED.labels(outdated.code).inc()
        return FALSE
    return sql("({written})", written=written)


def _written(c: Compilation, stored: Mapping[str, Any], object_name: str, alias: str) -> Fragment:
    if EXPRESSION in stored:
        node = expressions.restored(stored[EXPRESSION], c.shape, object_name)
        return expression_sql(c, node, object_name, alias)
    condition = decode(stored)
    bind_condition(c.shape, object_name, condition)
    return condition_sql(c, condition, object_name, alias)
