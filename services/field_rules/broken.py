"""Which records a validation rule is false of, for those who define: to mend them, or the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from services import metadata, permissions, query
from services.field_rules import conditions
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from services.expressions import Node
    from tenants.context import ReadWork

MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """How many live records a rule is false of, and the newest of those that the caller may see."""

    object_name: str
    count: int
    ids: tuple[UUID, ...]


async def broken_records(work: ReadWork, rule_id: UUID, *, first: int) -> Broken | None:
    """Asked of every live record as it stands now; nothing of a rule that is not asked."""
    policy = await permissions.policy(work)
    if not policy.may_define:
        raise Forbidden
    registry = await metadata.registry(work)
    rule = _rule(registry, rule_id)
    if rule is None:
        return None
    object_name, node = rule
    known = (registry, policy)
    query.require_open(policy, object_name, node)
    count = await query.count_false(work, known, object_name, node)
    ids = await query.false_ids(work, known, object_name, node, most=max(0, min(first, MOST_TOLD)))
    return Broken(object_name, count, ids)


def _rule(registry: Registry, rule_id: UUID) -> tuple[str, Node] | None:
    for object_name, rules in registry.rules.items():
        for each in rules.validation:
            if each.id == rule_id:
                node = conditions.node_of(registry.shape, object_name, each.condition)
                return None if node is None else (object_name, node)
    return None
