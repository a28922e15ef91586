"""Record scope as a condition: whose records, among the live or the deleted ones. The same text guards reads and writes.

Everything that differs between users of equal rights is a parameter or a lookup by it, so they share the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from schema.metadata.objects import Object, ObjectKind
from services.permissions import Arm, Criteria, Everyone, OwnedBy, Scope, Shared, Verb
from services.query.arguments import ObjectNumber, Objects
from services.query.compilation import Compilation, array_of, column, fixed_table, table
from services.query.membership import DEPARTMENTS, ME, SEAT, TEAMS
from services.query.names import HISTORY
from services.query.views import SAVED_VIEW, view_is_seen
from tenants.sql import Fragment, ident, join, sql, value

TRUE = sql("TRUE")
FALSE = sql("FALSE")


class Life(StrEnum):
    """Which records of a table are meant."""

    LIVE = "live"
    DELETED = "deleted"
    BOTH = "both"


def visible(
    c: Compilation, thing: Object, alias: str, *, life: Life = Life.LIVE, verb: Verb = Verb.READ
) -> tuple[Fragment, ...]:
    """Conditions that all hold for a record the caller may read and, with another verb, do that to."""
    conditions = [*there(thing, alias, life)]
    for needed in dict.fromkeys((Verb.READ, verb)):
        reached = scope_condition(c, thing, alias, needed)
        if reached is not TRUE:
            conditions.append(reached)
    return tuple(dict.fromkeys(conditions))


def there(thing: Object, alias: str, life: Life = Life.LIVE) -> tuple[Fragment, ...]:
    """Conditions that hold for a record that is there, whoever asks."""
    return (*_alive(thing, alias, life), *_sequenced(thing, alias))


def always_visible(c: Compilation, thing: Object) -> bool:
    """Whether a relation to this object can be trusted without looking."""
    return not visible(c, thing, "t")


def scope_condition(c: Compilation, thing: Object, alias: str, verb: Verb) -> Fragment:
    """The arms of one verb as one condition, without regard to deletion."""
    arms = c.rights.on(thing.name).arms(verb)
    if arms and thing.name == SAVED_VIEW:
        return view_is_seen(c, alias)
    if Everyone() in arms:
        return record_is_seen(c, thing.name, alias) if thing.name == HISTORY else TRUE
    written = [each for arm in arms if (each := arm_condition(c, arm, thing, alias)) is not FALSE]
    return sql("({any})", any=join(" OR ", written)) if written else FALSE


def arm_condition(c: Compilation, arm: Arm, thing: Object, alias: str) -> Fragment:
    """One arm."""
    match arm:
        case Everyone():
            return TRUE
        case OwnedBy():
            if not thing.owner_field:
                return FALSE
            return owner_condition(arm.scope, column(alias, thing.name, thing.owner_field), c.ids)
        case Shared():
            return sql("{id} = ANY ({ids})", id=column(alias, thing.name, "id"), ids=_shared(c, thing, arm))
        case Criteria():
            return c.write_criteria(c, arm, thing.name, alias)


def alone(c: Compilation, arm: Arm, thing: Object, alias: str) -> Fragment:
    """One arm that nothing is joined to by OR."""
    if isinstance(arm, Shared):
        # An index is asked for each id. Given the array, it looks through whole pages between one id and the next.
        return sql("{id} IN (SELECT unnest({ids}))", id=column(alias, thing.name, "id"), ids=_shared(c, thing, arm))
    return arm_condition(c, arm, thing, alias)


def with_records(c: Compilation) -> tuple[Object, ...]:
    """The objects that traces can be about."""
    return tuple(thing for thing in c.shape.objects.values() if thing.kind is not ObjectKind.SYSTEM)


def is_about(trace: str, alias: str, things: Iterable[Object]) -> Fragment:
    """Whether a row of history, or an audit entry, is about a record of one of these objects."""
    by_number = trace == HISTORY
    named = column(alias, trace, "objectNumber" if by_number else "objectName")
    objects = Objects(tuple(thing.name for thing in things), by_number)
    return sql("{named} = ANY ({all})", named=named, all=value(objects, "integer[]" if by_number else "text[]"))


def record_is_seen(c: Compilation, trace: str, alias: str) -> Fragment:
    """Whether the caller may see the record that a trace is about, among the live ones or in the bin."""
    things = with_records(c)
    # Who reaches every record and the whole bin may also know what became of records that were destroyed.
    whole = [each for each in things if reaches_all(c, each)]
    parts = [is_about(trace, alias, whole)] if whole else []
    for thing in things:
        if thing not in whole and c.rights.on(thing.name).arms(Verb.READ):
            there = is_there(c, thing, column(alias, trace, "recordId"))
            parts.append(sql("({about} AND {there})", about=is_about(trace, alias, (thing,)), there=there))
    return sql("({any})", any=join(" OR ", parts)) if parts else FALSE


def reaches_all(c: Compilation, thing: Object) -> bool:
    """Whether every record and the whole bin are the caller's to see."""
    rights = c.rights.on(thing.name)
    return Everyone() in rights.arms(Verb.READ) and Everyone() in rights.arms(Verb.DELETE)


def is_there(c: Compilation, thing: Object, record_id: Fragment) -> Fragment:
    """Whether the caller may see the record of this id, among the live ones or in the bin."""
    record = c.alias()
    live = all_of(visible(c, thing, record))
    deleted = all_of(visible(c, thing, record, life=Life.DELETED, verb=Verb.DELETE))
    return sql(
        "EXISTS (SELECT 1 FROM {table} {record} WHERE {id} = {record_id} AND (({live}) OR ({deleted})))",
        table=table(thing.name),
        record=ident(record),
        id=column(record, thing.name, "id"),
        record_id=record_id,
        live=live,
        deleted=deleted,
    )


def users_within(scopes: Iterable[Scope]) -> Fragment:
    """A select of the users whose records these scopes reach, each once."""
    others = [_USERS[scope] for scope in scopes if scope in _USERS]
    return join(" UNION ", (*others, sql("SELECT {me}", me=ME)))


def owner_condition(scope: Scope, owner: Fragment, ids: Callable[[Fragment], Fragment] = array_of) -> Fragment:
    """Whether an owner stands to the principal as a scope says."""
    match scope:
        case Scope.NONE:
            return FALSE
        case Scope.OWN:
            return sql("{owner} = {me}", owner=owner, me=ME)
        case Scope.ALL:
            return TRUE
        case _:
            users = ids(sql("{users} UNION ALL SELECT {me}", users=_USERS[scope], me=ME))
            return sql("{owner} = ANY ({users})", owner=owner, users=users)


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


def _shared(c: Compilation, thing: Object, arm: Shared) -> Fragment:
    return c.ids(_shared_ids(thing.name, arm.verb))


def _shared_ids(object_name: str, verb: Verb) -> Fragment:
    """Records shared with the caller, a team of it, or a department that it sits in or below, for at least this verb."""
    return sql(
        "SELECT s.record_id FROM {share} s WHERE s.object_number = {number} AND s.reach = ANY ({reaches}) "
        "AND (s.expires_at IS NULL OR s.expires_at > now()) AND (s.user_id = {me} OR s.department_id = ANY (ARRAY("
        "{departments})) OR s.team_id = ANY (ARRAY({teams})))",
        share=fixed_table("record_share"),
        number=value(ObjectNumber(object_name), "integer"),
        reaches=_REACHES[verb],
        me=ME,
        departments=DEPARTMENTS,
        teams=TEAMS,
    )


_TEAM = sql(
    "SELECT s.user_id FROM {department} d JOIN {seat} s ON s.department_id = d.id WHERE d.manager_id = {me}",
    department=fixed_table("department"),
    seat=SEAT,
    me=ME,
)
_DEPARTMENT = sql(
    "SELECT s.user_id FROM {seat} m JOIN {seat} s ON s.department_id = m.department_id WHERE m.user_id = {me}",
    seat=SEAT,
    me=ME,
)
_TREE = sql(
    "SELECT s.user_id FROM {seat} m JOIN {closure} c ON c.ancestor_id = m.department_id "
    "JOIN {seat} s ON s.department_id = c.descendant_id WHERE m.user_id = {me}",
    seat=SEAT,
    closure=fixed_table("department_closure"),
    me=ME,
)
_DELEGATED = sql(
    "SELECT d.from_user_id FROM {delegation} d WHERE d.to_user_id = {me} AND d.starts_at <= now() AND d.ends_at > now()",
    delegation=fixed_table("delegation"),
    me=ME,
)
_USERS: Mapping[Scope, Fragment] = {
    Scope.DELEGATED: _DELEGATED,
    Scope.TEAM: _TEAM,
    Scope.DEPARTMENT: _DEPARTMENT,
    Scope.TREE: _TREE,
}
_REACHES: Mapping[Verb, Fragment] = {
    Verb.READ: sql("ARRAY['read', 'update', 'delete']"),
    Verb.UPDATE: sql("ARRAY['update', 'delete']"),
    Verb.DELETE: sql("ARRAY['delete']"),
}
