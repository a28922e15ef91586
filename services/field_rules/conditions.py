"""A text becomes a condition that can be asked of a record while it is written: checked, typed, and kept with its tree.

Whoever writes it has to be able to read every field in it: by who is refused where, it could be told what a closed field
holds. For the same reason nothing in it may be read that does not stand in the record yet.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from schema.metadata.field_rules import Condition
from schema.metadata.rule_rows import tree_text
from services import expressions, query
from services.expressions import ExpressionOutdated, Path, Quantified
from services.field_rules.errors import RuleFieldNotUsable, RuleLooksAtItself, RuleLooksAtMany
from tenants.errors import Invalid, Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema.metadata.registry import Registry, Shape
    from services.expressions import Node
    from services.permissions import Policy
    from tenants.errors import PathStep

# What a record gets from the statement that writes it, or when it is deleted.
_TOO_LATE: Final = frozenset({"id", "deletedAt"})
# Of a rule that is only being written.
NOTHING: Final = Condition("", "{}")


def condition(
    registry: Registry, policy: Policy, object_name: str, text: str, *, at: tuple[PathStep, ...], of: str = ""
) -> tuple[Condition, Node]:
    """The condition of a text on records of an object; `of` is the field whose condition it is."""
    node = query.checked_condition(registry, policy, object_name, text, at=at)
    wrong = {(fault.code, *fault.details.values()): fault for fault in _wrong(registry, object_name, node, of)}
    if wrong:
        raise Refused(tuple(Violation(at, fault) for fault in wrong.values()))
    return Condition(expressions.printed(node), tree_text(expressions.stored(node))), node


def node_of(shape: Shape, object_name: str, kept: Condition) -> Node | None:
    """The expression of a condition that was kept; nothing where it fits the shape no more."""
    try:
        return expressions.restored(json.loads(kept.tree), shape, object_name)
    except ExpressionOutdated:
        return None


def looked_at(shape: Shape, object_name: str, kept: Condition) -> frozenset[tuple[str, str]]:
    """The fields that a condition looks at, each after the name of its object; none where it fits the shape no more."""
    node = node_of(shape, object_name, kept)
    steps = expressions.dependencies(node) if node is not None else ()
    return frozenset((each.object_name, each.field_name) for each in steps)


def own_fields(node: Node, object_name: str) -> tuple[str, ...]:
    """The fields of the record that an expression looks at, in the order in which they stand in it."""
    return tuple(dict.fromkeys(step for step, _ in _beginnings(node, object_name)))


def _wrong(registry: Registry, object_name: str, node: Node, of: str) -> Iterator[Invalid]:
    if any(isinstance(each, Quantified) for each in expressions.walk(node)):
        yield RuleLooksAtMany()
    for name, is_whole in _beginnings(node, object_name):
        field = registry.shape.field(object_name, name)
        if is_whole and (name in _TOO_LATE or (field is not None and field.type_name == "autoNumber")):
            yield RuleFieldNotUsable(field=name)
        if name == of:
            yield RuleLooksAtItself(field=of)


def _beginnings(node: Node, object_name: str) -> Iterator[tuple[str, bool]]:
    """The first name of each path, and whether the path ends there."""
    for each in expressions.walk(node):
        if isinstance(each, Path) and each.steps[0].object_name == object_name:
            yield each.steps[0].field_name, len(each.steps) == 1
