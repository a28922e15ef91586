"""How large an expression may be. Every limit is checked before it is saved, so none is met when it runs."""

from __future__ import annotations

from services.expressions.errors import ExpressionTooLarge
from services.expressions.tree import ListOf, Node, Path, Quantified, children

LONGEST_TEXT = 4000
DEEPEST = 30
MOST_NODES = 300
LONGEST_PATH = 4
MOST_ITEMS = 200
DEEPEST_QUANTIFIER = 2
MOST_COST = 2000

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
