"""The record scopes of the read path for statements that write: the same conditions, and the values that they ask for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING

from services.permissions import Verb
from services.query import scopes
from services.query.arguments import Circumstances, Me, found
from services.query.compilation import Compilation, Variant
from services.query.criteria import criteria_sql
from services.query.guard import guard_scope
from tenants.sql import Fragment, render

if TYPE_CHECKING:
    from schema.metadata.registry import Registry, Shape
    from services.permissions import Policy
    from tenants.context import ReadWork

_REACHING = (Verb.READ, Verb.UPDATE, Verb.DELETE, Verb.SHARE, Verb.BULK, Verb.ASSIGN)


def scope_condition(shape: Shape, policy: Policy, object_name: str, alias: str, verb: Verb) -> Fragment:
    """The arms of one verb as one condition on the record behind an alias, without regard to deletion."""
    rights = guard_scope(shape, policy, object_name)
    c = Compilation(shape, rights, Variant(), criteria_sql)
    return scopes.scope_condition(c, shape.objects[object_name], alias, verb)


def scope_values(
    work: ReadWork, registry: Registry, policy: Policy, object_names: Iterable[str]
) -> Mapping[Hashable, object]:
    """The parameters of every scope of these objects."""
    circumstances = Circumstances(work, registry, (), {}, policy.criteria)
    asked: set[Hashable] = {Me()}
    for name in object_names:
        rights = policy.on(name)
        # Verbs with the same arms ask for the same.
        for verb in {rights.arms(each): each for each in _REACHING}.values():
            asked |= {*render(scope_condition(registry.shape, policy, name, "record", verb)).parameters}
    return {each: found(each, circumstances) for each in asked}
