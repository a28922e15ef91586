"""Whose records a verb may touch, as a condition on the row under the alias `record`: the reader's own words for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.permissions import NO_RIGHTS, Criteria, Everyone, OwnedBy, Scope, Verb
from services.query import owner_condition, scope_condition, scope_values
from tenants.sql import Fragment, Slot, ident, join, sql

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from services.records.targets import Target

EVERYWHERE = sql("TRUE")
ALIAS = "record"


def condition(target: Target, verb: Verb) -> Fragment:
    """The rows that the caller may read and do this to, one by one or as one of a set."""
    at_once = (Verb.BULK,) if target.in_bulk and verb is not Verb.READ else ()
    needed = dict.fromkeys((Verb.READ, verb, *at_once))
    shape, policy = target.registry.shape, target.policy
    arms = dict.fromkeys(scope_condition(shape, policy, target.name, ALIAS, each) for each in needed)
    return join(" AND ", arms)


def seen(target: Target) -> Fragment:
    """The rows that the caller may know of: the live ones of his scope, and in the bin those that he might delete."""
    alone = replace(target, in_bulk=False)
    return sql(
        "{live} AND ({alias}.deleted_at IS NULL OR {deleted})",
        live=condition(alone, Verb.READ),
        alias=ident(ALIAS),
        deleted=condition(alone, Verb.DELETE),
    )


def is_everyone(target: Target, verb: Verb) -> bool:
    """Whether the verb is not limited to some owners."""
    return Everyone() in target.rights.arms(verb)


def may_give_to_all(target: Target) -> bool:
    """Whether records may be given to anybody."""
    return is_everyone(target, Verb.UPDATE) or is_everyone(target, Verb.ASSIGN)


def owner_within(target: Target, owner: Fragment) -> Fragment:
    """Whether a record may be given to this owner: it stays within the scope of changes, or assignment reaches there."""
    return _owner_within(_given_scopes(target), owner)


def _given_scopes(target: Target) -> Iterable[Scope]:
    given = (*target.rights.arms(Verb.UPDATE), *target.rights.arms(Verb.ASSIGN))
    return dict.fromkeys(arm.scope for arm in given if isinstance(arm, OwnedBy))


def _for_good(scopes: Iterable[Scope]) -> Iterable[Scope]:
    """Without whom the caller stands in for, which ends."""
    return dict.fromkeys(Scope.OWN if each is Scope.DELEGATED else each for each in scopes)


def _owner_within(scopes: Iterable[Scope], owner: Fragment) -> Fragment:
    if not scopes:
        return sql("FALSE")
    return sql("({any})", any=join(" OR ", (owner_condition(scope, owner) for scope in scopes)))


def owner_may_change(target: Target) -> Fragment:
    """The rows whose owner the caller may change: those of whom the scope of changes or assignment reaches.

    A share, a criterion and standing in for the owner open a record to be changed, not to be given away: that would
    outlast them. What belongs to nobody may be taken by whom a criterion lets change it, as out of a public pool (公海).
    """
    owner = sql("{alias}.{owner}", alias=ident(ALIAS), owner=ident(Slot(target.name, target.object.owner_field)))
    chosen = tuple(arm for arm in target.rights.arms(Verb.UPDATE) if isinstance(arm, Criteria))
    only = replace(target.policy, rights={target.name: replace(NO_RIGHTS, update=chosen)})
    return sql(
        "({within} OR {owner} IS NULL AND {chosen})",
        within=_owner_within(_for_good(_given_scopes(target)), owner),
        owner=owner,
        chosen=scope_condition(target.registry.shape, only, target.name, ALIAS, Verb.UPDATE),
    )


def values(target: Target, *others: str) -> Mapping[Hashable, object]:
    """The values that these conditions ask for, on the target and on other objects of the same statement."""
    return scope_values(target.work, target.registry, target.policy, (target.name, *others))
