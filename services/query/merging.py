"""Ordered pages as a merge of arms: the first records of each, read from an index, and then the first of those.

One condition with OR makes PostgreSQL either read everything that the caller reaches or walk the order past everything
that it does not. Here each arm, and each owner of a small set, is a run of `(owner_id, key, id)` or `(key, id)` that
stops after a page. Only keys travel through the merge; the records themselves are joined by id at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schema.metadata.fields import FieldState
from schema.metadata.objects import Object, ObjectKind
from services.permissions import Arm, Criteria, Everyone, OwnedBy, Scope, Shared
from services.query import plan as p
from services.query.arguments import PageSize
from services.query.compilation import Compilation, column, of
from services.query.ordering import SortKey, cursor_use, sort_keys
from services.query.paging import Column, columns, order_by, stretches
from services.query.relations import Paths
from services.query.scopes import FALSE, TRUE, all_of, alone, users_within
from services.query.sources import Source, unscoped
from tenants.sql import EMPTY, Fragment, ident, integer, join, sql, value

# Beyond this many owners a run for each costs more than walking the order and leaving others out.
MOST_OWNERS = 64
MOST_ARMS = 8
# Of a long page, up to so many owners have a run each in the text, which PostgreSQL merges record by record and stops
# with the page; more runs would cost those who own alone more than they save. Shorter pages sort what their runs give.
OWNERS_APART = 24
LONG_PAGE = 201
_NEWEST = "createdAt"


@dataclass(frozen=True, slots=True)
class _Run:
    """The first records of something, in the order of an index."""

    given: Source
    keys: tuple[Column, ...]
    # As the index stands: empty values last when it rises, first when it falls.
    direction: Fragment
    # A number in the text for the planner, and the size that was asked for.
    most: int
    size: Fragment

    def first(self, *conditions: Fragment) -> Fragment:
        """The keys of the first records that meet more conditions."""
        key, record = self.keys
        return sql(
            "(SELECT {key} AS k, {id} AS id FROM {table} WHERE {conditions} ORDER BY {natural} LIMIT {most})",
            key=key.expression,
            id=record.expression,
            table=self.given.table,
            conditions=all_of((*self.given.conditions, *conditions)),
            most=integer(self.most),
            natural=join(", ", (each.expression + self.direction for each in self.keys)),
        )

    def first_of_few(self, *conditions: Fragment) -> Fragment:
        """The same where the conditions choose few records: all of them are found first, and put in order then.

        Beside many runs that stop early, PostgreSQL would rather walk the whole order past everything else.
        """
        key, record = self.keys
        return sql(
            "(SELECT f.k, f.id FROM (SELECT {key} AS k, {id} AS id FROM {table} WHERE {conditions} OFFSET 0) f "
            "ORDER BY {order} LIMIT {most})",
            key=key.expression,
            id=record.expression,
            table=self.given.table,
            conditions=all_of((*self.given.conditions, *conditions)),
            order=self.in_order("f"),
            most=integer(self.most),
        )

    def in_order(self, alias: str) -> Fragment:
        """The same order over keys that were found."""
        return join(", ", (of(alias, name) + self.direction for name in ("k", "id")))


def merged(c: Compilation, connection: p.Connection) -> Source | None:
    """The page's records as a merge; nothing where one condition serves as well or no index has the order."""
    thing = c.shape.objects[connection.object_name]
    keys = sort_keys(c.shape, thing.name, connection.order)
    arms = c.rights.on(thing.name).read
    if connection.trashed or len(arms) > MOST_ARMS or not _has_index(thing, keys):
        return None
    use = cursor_use(c.shape, connection)
    empty = c.empty_keys(use)
    if Everyone() in arms and not (keys[0].nullable and (keys[0].direction is p.Direction.DESC or empty is not None)):
        return None
    given = unscoped(c if Everyone() in arms else c.testing_others(), thing.name, filter_=connection.filter)
    sorted_by = columns(Paths(c, thing.name, given.alias), keys)
    backward = connection.page.backward
    position = connection.page.size.position
    size = value(PageSize(position, 1), "integer")
    rises = (keys[0].direction is p.Direction.ASC) is not backward
    run = _Run(given, sorted_by, EMPTY if rises else sql(" DESC"), c.most(position), size)
    found = list(stretches(sorted_by, use, empty, backward=backward))
    apart = OWNERS_APART // len(found) if _is_long(run) else 0
    parts = [
        _first_of_arms(c, replace(run, given=replace(given, conditions=(*given.conditions, *stretch))), arms, apart)
        for stretch in found
    ]
    return _joined(c, run, _sets_of_owners(thing, arms), [each for part in parts for each in part], backward=backward)


def newest(c: Compilation, object_name: str, most: int) -> Source | None:
    """So many newest of the live records that the caller sees; nothing where no run of an index holds each arm."""
    thing = c.shape.objects[object_name]
    arms = c.rights.on(thing.name).read
    if len(arms) > MOST_ARMS or any(isinstance(arm, Everyone | Criteria) for arm in arms):
        return None
    given = unscoped(c, thing.name, filter_=None)
    keys = columns(Paths(c, thing.name, given.alias), sort_keys(c.shape, thing.name, ()))
    run = _Run(given, keys, sql(" DESC"), most, integer(most))
    return _joined(c, run, _sets_of_owners(thing, arms), list(_first_of_arms(c, run, arms)), backward=False)


def _has_index(thing: Object, keys: Sequence[SortKey]) -> bool:
    if thing.kind is ObjectKind.SYSTEM or len(keys) != len(("key", "id")):
        return False
    key, last = keys
    if len(key.path) > 1 or key.by_position or key.direction is not last.direction:
        return False
    field = next((field for field in thing.fields if field.name == key.path[0]), None)
    if field is None or field.type.is_relation:
        return False
    return field.name == _NEWEST or (field.is_indexed and field.state is FieldState.LIVE)


def _sets_of_owners(thing: Object, arms: Sequence[Arm]) -> tuple[Scope, ...]:
    """Scopes that may hold more owners than the caller."""
    scopes = tuple(arm.scope for arm in arms if isinstance(arm, OwnedBy))
    return scopes if thing.owner_field and scopes != (Scope.OWN,) else ()


def _is_long(run: _Run) -> bool:
    """Whether the page is long, and no condition asks something that each run would ask again."""
    texts = (part for each in run.given.conditions for part in each.parts if isinstance(part, str))
    return run.most >= LONG_PAGE and not any("SELECT" in each for each in texts)


def _first_of_arms(c: Compilation, run: _Run, arms: Sequence[Arm], apart: int = 0) -> Iterator[Fragment]:
    thing, alias = run.given.thing, run.given.alias
    if _sets_of_owners(thing, arms):
        yield from _first_of_owners(run, column(alias, thing.name, thing.owner_field), apart)
        arms = [arm for arm in arms if not isinstance(arm, OwnedBy)]
    for arm in arms:
        condition = alone(c, arm, thing, alias)
        if condition is FALSE:
            continue
        first = run.first_of_few if apart and isinstance(arm, Shared) else run.first
        yield first(*(() if condition is TRUE else (condition,)))


def _first_of_owners(run: _Run, owner: Fragment, apart: int) -> Iterator[Fragment]:
    """Only one of the ways, by the number of owners; PostgreSQL asks for that number once."""
    for number in range(1, apart + 1):
        # Beyond the last owner, or where there are too many, it is NULL, and the index is not looked at.
        one = sql(
            "{owner} = (SELECT w.ids[{number}] FROM w WHERE cardinality(w.ids) <= {apart})",
            owner=owner,
            number=integer(number),
            apart=integer(apart),
        )
        yield run.first(one)
    owners = sql("(SELECT w.ids FROM w)::uuid[]")
    first = run.first(sql("{owner} = o.id", owner=owner))
    yield sql(
        "(SELECT f.k, f.id FROM unnest({owners}) o (id) CROSS JOIN LATERAL "
        "(SELECT r.k, r.id FROM {first} r ORDER BY {page} LIMIT {size}) f "
        "WHERE cardinality({owners}) BETWEEN {least} AND {most} ORDER BY {order} LIMIT {size})",
        owners=owners,
        first=first,
        page=run.in_order("r"),
        size=run.size,
        least=integer(apart + 1),
        most=integer(MOST_OWNERS),
        order=run.in_order("f"),
    )
    yield run.first(
        sql("{owner} = ANY ({owners})", owner=owner, owners=owners),
        sql("cardinality({owners}) > {most}", owners=owners, most=integer(MOST_OWNERS)),
    )


def _joined(
    c: Compilation, run: _Run, scopes: Sequence[Scope], parts: Sequence[Fragment], *, backward: bool
) -> Source | None:
    """The first of all runs, each record once, with its row."""
    if not parts:
        return None
    union, page, wide = c.alias(), c.alias(), c.alias()
    thing = run.given.thing
    found = [Column(each.key, of(union, name)) for each, name in zip(run.keys, ("k", "id"), strict=True)]
    owners = (
        sql("WITH w AS MATERIALIZED (SELECT ARRAY({users}) AS ids) ", users=users_within(scopes)) if scopes else EMPTY
    )
    table = sql(
        "({owners}SELECT {union}.k, {union}.id FROM ("
        "SELECT DISTINCT {union}.k, {union}.id FROM ({parts}) {union} ORDER BY {order} LIMIT {most}) {union} "
        "ORDER BY {order} LIMIT {size}) {page} JOIN {table} {wide} ON {id} = {page}.id",
        owners=owners,
        union=ident(union),
        parts=join(" UNION ALL ", parts),
        order=order_by(found, backward=backward),
        most=integer(run.most),
        size=run.size,
        page=ident(page),
        table=run.given.name,
        wide=ident(wide),
        id=column(wide, thing.name, "id"),
    )
    return Source(thing, wide, run.given.name, table, ())
