"""What a statement can answer of an expression: one value for each column, so that money is its amount and its currency."""

from __future__ import annotations

from services.expressions.tree import Call, Node
from services.expressions.types import NUMBER, TEXT, Kind


def columns(node: Node) -> tuple[Node, ...]:
    """The expression itself, or both parts of money."""
    if node.type.kind is not Kind.MONEY:
        return (node,)
    return Call("amount", (node,), NUMBER), Call("currency", (node,), TEXT)
