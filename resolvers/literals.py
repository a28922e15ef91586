"""Where a literal of a document stands that its scalar does not take: the input field by name.

A variable is placed by graphql-core itself; of a literal it tells nothing but the complaint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import ArgumentNode, GraphQLError, Node, ObjectFieldNode, ValueNode, print_ast
from graphql.language import BREAK, Visitor, visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import DocumentNode
    from graphql.language.visitor import VisitorAction

_MOST_SHOWN = 60


def placed(error: GraphQLError, document: DocumentNode) -> GraphQLError:
    """The error with the way to its input field, if it is about a single value."""
    node = error.nodes[0] if error.nodes else None
    if not isinstance(node, ValueNode):
        return error
    finder = _Finder(node)
    visit(document, finder)
    if not finder.way:
        return error
    shown = print_ast(node)[:_MOST_SHOWN]
    return GraphQLError(f"{'.'.join(finder.way)}: {shown} does not fit. {error.message}", error.nodes)


class _Finder(Visitor):
    """Looks for one node; keeps the names of the argument and the input fields around it."""

    def __init__(self, wanted: ValueNode) -> None:
        super().__init__()
        self._wanted = wanted
        self.way: tuple[str, ...] = ()

    def enter(
        self, node: Node, _key: object, parent: object, _path: object, ancestors: Sequence[object]
    ) -> VisitorAction:
        """Stop at the node that is looked for."""
        if node is not self._wanted:
            return None
        around = (each for each in (*ancestors, parent) if isinstance(each, ArgumentNode | ObjectFieldNode))
        self.way = tuple(each.name.value for each in around)
        return BREAK
