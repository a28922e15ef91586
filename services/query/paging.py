"""Keyset paging in SQL: the order with empty values last, what lies beyond a cursor, and the cursor's own text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from schema.metadata.fields import Field
from schema.metadata.types import Output
from services.query.arguments import ChoiceKeys, CursorKey
from services.query.cursors import CursorUse
from services.query.ordering import SortKey
from services.query.plan import Direction
from services.query.relations import Paths
from services.query.scopes import FALSE, all_of
from services.query.text import concat, value_text
from tenants.sql import Fragment, join, sql, value

_TYPES: Mapping[Output, LiteralString] = {
    Output.TEXT: "text",
    Output.ID: "uuid",
    Output.INT: "bigint",
    Output.LONG: "bigint",
    Output.DECIMAL: "numeric",
    Output.BOOLEAN: "boolean",
    Output.DATE: "date",
    Output.DATETIME: "timestamptz",
    Output.TIME: "time",
    Output.DURATION: "numeric",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A sort key with the expression it is read from."""

    key: SortKey
    expression: Fragment


def columns(paths: Paths, keys: Sequence[SortKey]) -> tuple[Column, ...]:
    """The expressions of the keys over one source and its joins."""
    return tuple(Column(key, key_expression(paths, key)) for key in keys)


def key_expression(paths: Paths, key: SortKey) -> Fragment:
    """What one key sorts by."""
    stored = paths.plain(key.path, key.part)
    if not key.by_position:
        return stored
    _, object_name, field = paths.end(key.path)
    return position_of_choice(object_name, field, stored)


def position_of_choice(object_name: str, field: Field, stored: Fragment) -> Fragment:
    """What a value sorts by: a choice by its place in the definition, anything else by itself."""
    if not field.type.has_choices:
        return stored
    keys = value(ChoiceKeys(object_name, field.name), "text[]")
    return sql("array_position({keys}, {stored}::text)", keys=keys, stored=stored)


def order_by(given: Sequence[Column], *, backward: bool = False) -> Fragment:
    """`ORDER BY` terms; backward reverses all of them, so empty values come first there."""
    return join(", ", (_term(each, backward=backward) for each in given))


def beyond(given: Sequence[Column], use: CursorUse, empty: tuple[bool, ...], *, backward: bool) -> Fragment:
    """The records after (or, backward, before) a cursor."""
    bounds = [value(CursorKey(use, index), _TYPES[each.key.kind]) for index, each in enumerate(given)]
    if not any(each.key.nullable for each in given) and len({each.key.direction for each in given}) == 1:
        return _beyond_as_row(given, bounds, backward=backward)
    branches = []
    for index, each in enumerate(given):
        step = _step(each, bounds[index], is_empty=empty[index], backward=backward)
        if step is None:
            continue
        same = [
            sql("{key} IS NULL", key=earlier.expression)
            if is_empty
            else sql("{key} = {bound}", key=earlier.expression, bound=bound)
            for earlier, bound, is_empty in zip(given[:index], bounds[:index], empty[:index], strict=True)
        ]
        branches.append(sql("({all})", all=all_of((*same, step))))
    return sql("({any})", any=join(" OR ", branches)) if branches else FALSE


def stretches(
    given: Sequence[Column], use: CursorUse | None, empty: tuple[bool, ...] | None, *, backward: bool
) -> list[tuple[Fragment, ...]]:
    """What is wanted of an order by one key and the id, in stretches that are each one range of an index.

    Empty values are last, also where the key falls; an index that is read backwards has them first.
    """
    key, record = given
    bounds = (
        () if use is None else tuple(value(CursorKey(use, at), _TYPES[each.key.kind]) for at, each in enumerate(given))
    )
    if not key.key.nullable:
        return [() if empty is None else (_beyond_as_row(given, bounds, backward=backward),)]
    if empty is None and key.key.direction is Direction.ASC:
        return [()]
    filled: tuple[Fragment, ...] = (sql("{key} IS NOT NULL", key=key.expression),)
    blank: tuple[Fragment, ...] = (sql("{key} IS NULL", key=key.expression),)
    if empty is None:
        return [filled, blank]
    if not empty[0]:
        here = (*filled, _beyond_as_row(given, bounds, backward=backward))
        return [here] if backward else [here, blank]
    here = (*blank, _further(record, record.expression, bounds[1], backward=backward))
    return [filled, here] if backward else [here]


def cursor_text(order_hash: str, given: Sequence[tuple[SortKey, Fragment]]) -> Fragment:
    """The opaque cursor of a record."""
    pieces: list[str | Fragment] = [f'["{order_hash}"']
    for key, expression in given:
        pieces += [",", value_text(key.kind, expression)]
    return sql(
        r"translate(encode(convert_to({content}, 'UTF8'), 'base64'), E'+/=\n', '-_')", content=concat([*pieces, "]"])
    )


def _term(given: Column, *, backward: bool) -> Fragment:
    key = given.expression
    if not given.key.nullable:
        return key if _rises(given, backward=backward) else sql("{key} DESC", key=key)
    if _rises(given, backward=backward):
        return sql("{key} ASC NULLS FIRST", key=key) if backward else sql("{key} ASC NULLS LAST", key=key)
    return sql("{key} DESC NULLS FIRST", key=key) if backward else sql("{key} DESC NULLS LAST", key=key)


def _rises(given: Column, *, backward: bool) -> bool:
    return (given.key.direction is Direction.ASC) is not backward


def _further(given: Column, key: Fragment, bound: Fragment, *, backward: bool) -> Fragment:
    if _rises(given, backward=backward):
        return sql("{key} > {bound}", key=key, bound=bound)
    return sql("{key} < {bound}", key=key, bound=bound)


def _beyond_as_row(given: Sequence[Column], bounds: Sequence[Fragment], *, backward: bool) -> Fragment:
    # One comparison of rows is a single range of an index.
    keys = sql("({keys})", keys=join(", ", (each.expression for each in given)))
    return _further(given[0], keys, sql("({bounds})", bounds=join(", ", bounds)), backward=backward)


def _step(given: Column, bound: Fragment, *, is_empty: bool, backward: bool) -> Fragment | None:
    key = given.expression
    if is_empty:
        # Empty values are last: nothing is beyond them, and before them is everything that has a value.
        return sql("{key} IS NOT NULL", key=key) if backward else None
    further = _further(given, key, bound, backward=backward)
    if backward or not given.key.nullable:
        return further
    return sql("({further} OR {key} IS NULL)", further=further, key=key)
