"""Short ways to ask the expression language about the two objects of the compiler's tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services import expressions
from services.expressions import Circumstance, ExpressionRefused, Node
from tests.services.query.world import ALICE, NOW, ZONE, make_registry

REGISTRY = make_registry()
DEPARTMENT = UUID(int=6002)
AROUND = Circumstance(NOW, ZONE, ALICE, DEPARTMENT)


def tree(text: str, object_name: str = "company") -> Node:
    """The checked expression."""
    return expressions.check(REGISTRY, object_name, text)


def answer(text: str, record: Mapping[str, Any] | None = None, object_name: str = "company") -> Any:
    """What an expression answers on a record."""
    return expressions.closure(tree(text, object_name))(record or {}, AROUND)


def wrong(text: str, object_name: str = "company") -> Sequence[tuple[int, str]]:
    """Place and code of everything that is wrong."""
    try:
        tree(text, object_name)
    except ExpressionRefused as refusal:
        return [(each.position, each.fault.code) for each in refusal.findings]
    return []
