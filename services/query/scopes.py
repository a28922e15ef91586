"""Record scope as a condition: whose records, among the live or the deleted ones. The same text guards reads and writes.

Everything that differs between users of equal rights is a parameter or a lookup by it, so they share the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from schema.metadata.objects import Object, ObjectKind
from services.permissions import Arm, Everyone, ObjectRights, OwnedBy, Scope, Verb
from services.query.arguments import Me
from services.query.compilation import column, fixed_table
from tenants.sql import Fragment, join, sql, value

if TYPE_CHECKING:
    from tenants.context import ReadWork

TRUE = sql("TRUE")
FALSE = sql("FALSE")


class Life(StrEnum):
    """Which records of a table are meant."""

    LIVE = "live"
    DELETED = "deleted"
    BOTH = "both"


def visible(
    thing: Object, alias: str, rights: ObjectRights, *, life: Life = Life.LIVE, verb: Verb = Verb.READ
) -> tuple[Fragment, ...]:
    """Conditions that all hold for a record the caller may read and, with another verb, do that to."""
    conditions = [*_alive(thing, alias, life), *_sequenced(thing, alias)]
    for needed in dict.fromkeys((Verb.READ, verb)):
        arms = rights.arms(needed)
        if Everyone() not in arms:
            conditions.append(_any_arm(thing, alias, arms))
    return tuple(dict.fromkeys(conditions))


def always_visible(thing: Object, rights: ObjectRights) -> bool:
    """Whether a relation to this object can be trusted without looking."""
    return not visible(thing, "t", rights)


def scope_condition(thing: Object, alias: str, rights: ObjectRights, verb: Verb) -> Fragment:
    """The arms of one verb as one condition, without regard to deletion; for statements that write."""
    arms = rights.arms(verb)
    return TRUE if Everyone() in arms else _any_arm(thing, alias, arms)


def scope_values(work: ReadWork) -> Mapping[Hashable, object]:
    """The parameters of `scope_condition`."""
    return {Me(): work.principal.id}


def owner_condition(scope: Scope, owner: Fragment) -> Fragment:
    """Whether an owner stands to the principal as a scope says."""
    return _OWNERS[scope](owner)


def all_of(conditions: Iterable[Fragment]) -> Fragment:
    """All conditions hold; none is true."""
    given = tuple(conditions)
    return join(" AND ", given) if given else TRUE


def _alive(thing: Object, alias: str, life: Life) -> tuple[Fragment, ...]:
    if not thing.soft_deletes or life is Life.BOTH:
        return (FALSE,) if life is Life.DELETED else ()
    deleted_at = column(alias, thing.name, "deletedAt")
    if life is Life.DELETED:
        return (sql("{at} IS NOT NULL", at=deleted_at),)
    return (sql("{at} IS NULL", at=deleted_at),)


def _sequenced(thing: Object, alias: str) -> tuple[Fragment, ...]:
    """An audit entry is read once it has its place in the chain, not before."""
    if thing.kind is not ObjectKind.SYSTEM or all(field.name != "seq" for field in thing.fields):
        return ()
    return (sql("{seq} IS NOT NULL", seq=column(alias, thing.name, "seq")),)


def _any_arm(thing: Object, alias: str, arms: tuple[Arm, ...]) -> Fragment:
    scopes = [arm.scope for arm in arms if isinstance(arm, OwnedBy)]
    if not scopes or not thing.owner_field:
        return FALSE
    owner = column(alias, thing.name, thing.owner_field)
    return sql("({any})", any=join(" OR ", (owner_condition(scope, owner) for scope in scopes)))


def _me() -> Fragment:
    return value(Me(), "uuid")


def _own(owner: Fragment) -> Fragment:
    return sql("{owner} = {me}", owner=owner, me=_me())


def _among(owner: Fragment, users: Fragment) -> Fragment:
    # An array made once by an uncorrelated subselect can be looked up in an index; a joined subselect cannot.
    return sql("{owner} = ANY (ARRAY({users} UNION ALL SELECT {me}))", owner=owner, users=users, me=_me())


def _team(owner: Fragment) -> Fragment:
    users = sql(
        "SELECT u.id FROM {department} d JOIN {user} u ON u.department_id = d.id WHERE d.manager_id = {me}",
        department=fixed_table("department"), user=fixed_table("user"), me=_me(),
    )
    return _among(owner, users)


def _department(owner: Fragment) -> Fragment:
    users = sql(
        "SELECT u.id FROM {user} m JOIN {user} u ON u.department_id = m.department_id WHERE m.id = {me}",
        user=fixed_table("user"), me=_me(),
    )
    return _among(owner, users)


def _tree(owner: Fragment) -> Fragment:
    users = sql(
        "SELECT u.id FROM {user} m JOIN {closure} c ON c.ancestor_id = m.department_id "
        "JOIN {user} u ON u.department_id = c.descendant_id WHERE m.id = {me}",
        user=fixed_table("user"), closure=fixed_table("department_closure"), me=_me(),
    )
    return _among(owner, users)


def _nobody(_: Fragment) -> Fragment:
    return FALSE


def _all(_: Fragment) -> Fragment:
    return TRUE


_OWNERS: Mapping[Scope, Callable[[Fragment], Fragment]] = {
    Scope.NONE: _nobody,
    Scope.OWN: _own,
    Scope.TEAM: _team,
    Scope.DEPARTMENT: _department,
    Scope.TREE: _tree,
    Scope.ALL: _all,
}
