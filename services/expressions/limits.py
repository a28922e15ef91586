"""How large an expression may be. Every limit is checked before it is saved, so none is met when it runs."""

from __future__ import annotations

from decimal import Decimal

from schema.metadata.palette import LONGEST_EXPRESSION
from services.expressions.errors import ExpressionTooLarge
from services.expressions.tree import Call, Constant, ListOf, Node, Path, Quantified, children, walk

# What forms say of it before it is sent.
LONGEST_TEXT = LONGEST_EXPRESSION
DEEPEST = 30
MOST_NODES = 300
LONGEST_PATH = 4
MOST_ITEMS = 200
DEEPEST_QUANTIFIER = 2
MOST_COST = 2000

MOST_PLACES = 10

_HOP = 5
_CHILDREN = 20


def cost(node: Node) -> int:
    """What one record costs: a node 1, a relation followed 5, looking at the records on the many side 20 times their condition."""
    below = sum(map(cost, children(node)))
    match node:
        case Path():
            return 1 + _HOP * (len(node.steps) - 1)
        case Quantified():
            return _HOP * len(node.owner) + _CHILDREN * below
        case ListOf():
            return 1 + below // 10
        case _:
            return 1 + below


def too_large(measure: str, measure_zh: str, most: int) -> ExpressionTooLarge:
    """The refusal of one measure."""
    return ExpressionTooLarge(measure=measure, measure_zh=measure_zh, max=most)


def rounds_beyond(node: Node) -> bool:
    """Whether a number is rounded to places written in the text that no number has: below 0, or beyond 10."""
    return any(
        places is not None and not 0 <= places <= MOST_PLACES
        for each in walk(node)
        if isinstance(each, Call) and each.function == "round"
        for places in map(_written, each.arguments[1:])
    )


def _written(node: Node) -> Decimal | None:
    """The number that stands there, with its sign."""
    if isinstance(node, Call) and node.function == "negate":
        below = _written(node.arguments[0])
        return None if below is None else -below
    return node.value if isinstance(node, Constant) and isinstance(node.value, Decimal) else None
