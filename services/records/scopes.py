"""Whose records a verb may touch, as a condition on the row under the alias `record`: the reader's own words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.permissions import Everyone, OwnedBy, Verb
from services.query import owner_condition, scope_condition, scope_values
from tenants.sql import Fragment, join, sql

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from services.records.targets import Target

EVERYWHERE = sql("TRUE")
ALIAS = "record"


def condition(target: Target, verb: Verb) -> Fragment:
    """The rows that the caller may read and do this to."""
    needed = dict.fromkeys((Verb.READ, verb))
    shape, policy = target.registry.shape, target.policy
    arms = dict.fromkeys(scope_condition(shape, policy, target.name, ALIAS, each) for each in needed)
    return join(" AND ", arms)


def is_everyone(target: Target, verb: Verb) -> bool:
    """Whether the verb is not limited to some owners."""
    return Everyone() in target.rights.arms(verb)


def owner_within(target: Target, verb: Verb, owner: Fragment) -> Fragment:
    """Whether a record of this owner would lie within the scope of a verb."""
    scopes = [arm.scope for arm in target.rights.arms(verb) if isinstance(arm, OwnedBy)]
    if not scopes:
        return sql("FALSE")
    return sql("({any})", any=join(" OR ", (owner_condition(scope, owner) for scope in scopes)))


def values(target: Target, *others: str) -> Mapping[Hashable, object]:
    """The values that these conditions ask for, on the target and on other objects of the same statement."""
    return scope_values(target.work, target.registry, target.policy, (target.name, *others))
