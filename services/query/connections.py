"""Connections as one text expression: the page's records in order, cursors, page information and the total.

The page's inner select ends in LIMIT, so PostgreSQL writes the text of a record only after the order has chosen it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from schema.metadata.naming import compose_type
from services.query import candidates
from services.query import plan as p
from services.query.arguments import PageSize
from services.query.compilation import Compilation, of
from services.query.merging import merged
from services.query.ordering import SortKey, cursor_use, is_ranked, keys_of, order_hash
from services.query.paging import Column, beyond, columns, cursor_text, order_by
from services.query.parents import Parent
from services.query.relations import Paths
from services.query.scopes import all_of
from services.query.searching import rank
from services.query.sources import Source, source
from services.query.text import Piece, concat, object_text, or_null
from services.query.totals import total_select
from tenants.sql import EMPTY, Fragment, constant, ident, integer, join, sql, value

WriteRecord: TypeAlias = Callable[[Compilation, p.Selection, str], Fragment]
_TOTALS = frozenset({p.ConnectionPart.TOTAL_COUNT, p.ConnectionPart.TOTAL_COUNT_IS_EXACT})
_PAGED = "n"
# Arrays of the sort keys of a page, of which its first and its last cursor are made.
_KEYS = "c"
_TOTAL = "total"
# The place of a record on its page, counted in the direction in which the page is read.
_AT = "at"


def connection_text(
    c: Compilation, connection: p.Connection, write_record: WriteRecord, parent: Parent | None = None
) -> Fragment:
    """A scalar subselect with the JSON of a connection."""
    page, total = c.alias(), c.alias()
    members = [
        (part.key, _part(c, connection, index, page=page, total=total)) for index, part in enumerate(connection.parts)
    ]
    tables = []
    if any(not isinstance(part, p.Simple) or part.part is p.ConnectionPart.PAGE_INFO for part in connection.parts):
        tables.append(sql("({page}) {name}", page=_page(c, connection, write_record, parent), name=ident(page)))
    if any(isinstance(part, p.Simple) and part.part in _TOTALS for part in connection.parts):
        tables.append(sql("({total}) {name}", total=_total(c, connection, parent), name=ident(total)))
    answer = object_text(members)
    if not tables:
        return answer
    return sql("(SELECT {answer} FROM {tables})", answer=answer, tables=join(" CROSS JOIN ", tables))


def _part(c: Compilation, connection: p.Connection, index: int, *, page: str, total: str) -> Piece:
    part = connection.parts[index]
    if not isinstance(part, p.Simple):
        return concat(["[", of(page, f"r{index}"), "]"])
    match part.part:
        case p.ConnectionPart.TYPENAME:
            return f'"{part.name}"'
        case p.ConnectionPart.TOTAL_COUNT:
            return sql("{total}::text", total=of(total, _TOTAL))
        case p.ConnectionPart.TOTAL_COUNT_IS_EXACT:
            return sql("{exact}::text", exact=of(total, "is_exact"))
        case _:
            # By itself: one after another, each of its members would copy the page that stands before them.
            info = object_text((key, _page_info(c, name, connection, page)) for key, name in part.members)
            return sql("{info}", info=info)


def _page_info(c: Compilation, name: str, connection: p.Connection, page: str) -> Piece:
    backward, size = connection.page.backward, _size(connection)
    count = of(page, _PAGED)
    beyond_page = sql("({count} > {size})::text", count=count, size=size)
    behind_cursor = of(page, "has_cursor")
    match name:
        case "hasNextPage":
            return behind_cursor if backward else beyond_page
        case "hasPreviousPage":
            return beyond_page if backward else behind_cursor
        case "startCursor" | "endCursor":
            return _quoted(_cursor_of(c, connection, page, is_last=name == "endCursor"))
        case _:
            return '"PageInfo"'


def _cursor_of(c: Compilation, connection: p.Connection, page: str, *, is_last: bool) -> Fragment:
    """The cursor of the first or the last record; nothing on an empty page. Of the others nobody asks one here."""
    keys = keys_of(c.shape, connection)
    count = sql("array_length({keys}, 1)", keys=of(page, f"{_KEYS}0"))
    position = count if is_last else sql("1")
    ends = [
        (key, sql("({keys})[{position}]", keys=of(page, f"{_KEYS}{index}"), position=position))
        for index, key in enumerate(keys)
    ]
    cursor = cursor_text(order_hash(connection.object_name, keys), ends)
    return sql("CASE WHEN {count} > 0 THEN {cursor} END", count=count, cursor=cursor)


def _quoted(cursor: Fragment) -> Fragment:
    return or_null(sql("""'"' || {cursor} || '"'""", cursor=cursor))


def _page(c: Compilation, connection: p.Connection, write_record: WriteRecord, parent: Parent | None) -> Fragment:
    """One row: a text per list of records, their cursors, how many were found, and whether a cursor was given."""
    rows = c.alias()
    keys = keys_of(c.shape, connection)
    inner = _rows(c, connection, write_record, parent)
    ordered = order_by([Column(key, of(rows, f"k{index}")) for index, key in enumerate(keys)])
    use = cursor_use(c.shape, connection)
    given = c.empty_keys(use) is not None
    # How every aggregate of the page ends.
    ends = sql(" ORDER BY {ordered}){within}", ordered=ordered, within=_within(connection, rows))
    selected = [
        sql(
            "coalesce(string_agg({each}, ','{ends}, '') AS {name}",
            each=of(rows, f"j{index}"),
            ends=ends,
            name=ident(f"r{index}"),
        )
        for index, part in enumerate(connection.parts)
        if not isinstance(part, p.Simple)
    ]
    if _needs_cursors(connection):
        selected += [
            sql(
                "array_agg({each}{ends} AS {name}", each=of(rows, f"k{index}"), ends=ends, name=ident(f"{_KEYS}{index}")
            )
            for index in range(len(keys))
        ]
    selected.append(sql("count(*) AS {name}", name=ident(_PAGED)))
    selected.append(sql("{given} AS has_cursor", given=constant("true" if given else "false")))
    return sql("SELECT {selected} FROM ({inner}) {rows}", selected=join(", ", selected), inner=inner, rows=ident(rows))


def _looks_further(connection: p.Connection) -> bool:
    """Whether one record more than the page is looked for, to see whether there are others."""
    ahead = "hasPreviousPage" if connection.page.backward else "hasNextPage"
    return any(
        name == ahead
        for part in connection.parts
        if isinstance(part, p.Simple) and part.part is p.ConnectionPart.PAGE_INFO
        for _, name in part.members
    )


def _within(connection: p.Connection, rows: str) -> Fragment:
    """Leaves out the record that is one too many."""
    if not _looks_further(connection):
        return EMPTY
    return sql(" FILTER (WHERE {at} <= {size})", at=of(rows, _AT), size=_size(connection))


def _rows(c: Compilation, connection: p.Connection, write_record: WriteRecord, parent: Parent | None) -> Fragment:
    """The records of a page, and one more if somebody asks whether there are others, each with its texts and the values of its sort keys."""
    given = _searched(c, connection, parent)
    paths = Paths(c, connection.object_name, given.alias)
    keys = keys_of(c.shape, connection)
    sorted_by = _sorted_by(c, connection, paths, given.alias)
    use = cursor_use(c.shape, connection)
    empty = c.empty_keys(use)
    conditions = list(given.conditions)
    if use is not None and empty is not None:
        conditions.append(beyond(sorted_by, use, empty, backward=connection.page.backward))
    cursor = cursor_text(order_hash(connection.object_name, keys), [(each.key, each.expression) for each in sorted_by])
    selected = dict(_texts(c, connection, write_record, given.alias, cursor))
    selected |= {f"k{index}": each.expression for index, each in enumerate(sorted_by)}
    found = sql(
        "SELECT {selected} FROM {table}{joins} WHERE {conditions} ORDER BY {order} LIMIT {most}",
        selected=join(", ", (sql("{value} AS {name}", value=selected[name], name=ident(name)) for name in selected)),
        table=given.table,
        joins=paths.joins,
        conditions=all_of(conditions),
        order=order_by(sorted_by, backward=connection.page.backward),
        most=integer(c.most(connection.page.size.position)),
    )
    return _first_of(c, connection, found, tuple(selected), keys)


def _first_of(
    c: Compilation, connection: p.Connection, found: Fragment, names: Sequence[str], keys: Sequence[SortKey]
) -> Fragment:
    """As many as are wanted. The limit inside is a number in the text, because a plan for any size expects a large one."""
    rows = c.alias()
    again = [Column(key, of(rows, f"k{index}")) for index, key in enumerate(keys)]
    order = order_by(again, backward=connection.page.backward)
    selected = [of(rows, name) for name in names]
    if _looks_further(connection):
        selected.append(sql("row_number() OVER (ORDER BY {order}) AS {at}", order=order, at=ident(_AT)))
    return sql(
        "SELECT {selected} FROM ({found}) {rows} ORDER BY {order} LIMIT {limit}",
        selected=join(", ", selected),
        found=found,
        rows=ident(rows),
        order=order,
        limit=_size(connection, more=int(_looks_further(connection))),
    )


def _texts(
    c: Compilation, connection: p.Connection, write_record: WriteRecord, alias: str, cursor: Fragment
) -> Iterator[tuple[str, Fragment]]:
    def edge(edges: p.Edges) -> Iterator[tuple[str, Piece]]:
        for key, name, selection in edges.items:
            if selection is not None:
                yield key, write_record(c, selection, alias)
            else:
                yield key, _quoted(cursor) if name == "cursor" else f'"{compose_type(connection.object_name, "Edge")}"'

    for index, part in enumerate(connection.parts):
        if not isinstance(part, p.Simple):
            text = write_record(c, part.selection, alias) if isinstance(part, p.Nodes) else object_text(edge(part))
            yield f"j{index}", text


def _total(c: Compilation, connection: p.Connection, parent: Parent | None) -> Fragment:
    return total_select(_source(c, connection, parent))


def _sorted_by(c: Compilation, connection: p.Connection, paths: Paths, alias: str) -> Sequence[Column]:
    keys = keys_of(c.shape, connection)
    plain = columns(paths, [key for key in keys if not key.by_rank])
    if connection.search is None or not is_ranked(connection):
        return plain
    return (Column(keys[0], rank(c, connection.object_name, alias, connection.search)), *plain)


def _searched(c: Compilation, connection: p.Connection, parent: Parent | None) -> Source:
    """The records of a page. Those of a search are found first, so that no index of the order is tried for them."""
    if connection.search is None:
        return (merged(c, connection) if parent is None else None) or _source(c, connection, parent)
    if parent is not None or connection.trashed:
        return _source(c, connection, parent)
    name, filter_ = connection.object_name, connection.filter
    given = source(c, name, filter_=filter_, parent=None)
    choose = candidates.best if is_ranked(connection) else candidates.every
    return replace(given, conditions=(*given.conditions, choose(c, name, filter_, connection.search, given.alias)))


def _source(c: Compilation, connection: p.Connection, parent: Parent | None) -> Source:
    return source(
        c,
        connection.object_name,
        filter_=connection.filter,
        parent=parent,
        trashed=connection.trashed,
        search=connection.search,
    )


def _needs_cursors(connection: p.Connection) -> bool:
    return any(
        isinstance(part, p.Simple) and any(name in {"startCursor", "endCursor"} for _, name in part.members)
        for part in connection.parts
    )


def _size(connection: p.Connection, more: int = 0) -> Fragment:
    return value(PageSize(connection.page.size.position, more), "integer")
