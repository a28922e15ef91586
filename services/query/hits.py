"""`search(text)`: the best records of several objects as one JSON list, each with how well it was found and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from schema.metadata.naming import compose_type
from schema.metadata.types import Output
from services.permissions import Level
from services.query import candidates
from services.query import plan as p
from services.query.arguments import PageSize
from services.query.compilation import Compilation, column, of
from services.query.scopes import all_of
from services.query.searching import Meeting, best_field, open_fields, rank
from services.query.sources import source
from services.query.text import NULL, Piece, concat, masked_text, object_text, value_text
from tenants.sql import Fragment, constant, ident, integer, join, sql, value

if TYPE_CHECKING:
    from services.query.connections import WriteRecord

HIT = compose_type("search", "Hit")
_BEST = 100
_STEP = 10


def hits_text(c: Compilation, root: p.SearchRoot, write_record: WriteRecord) -> Piece:
    """A scalar subselect with the JSON of the hits."""
    found = [_of_object(c, root, hits, write_record) for hits in root.hits if open_fields(c, hits.object_name)]
    if not found:
        return "[]"
    rows, best = c.alias(), c.alias()
    listed = sql(
        "(SELECT coalesce(string_agg({text}, ',' ORDER BY {order}), '') FROM ("
        "SELECT * FROM ({found}) {rows} ORDER BY {among} LIMIT {size}) {best})",
        text=of(best, "hit"),
        order=_order(best),
        found=join(" UNION ALL ", found),
        rows=ident(rows),
        among=_order(rows),
        size=value(PageSize(root.size.position), "bigint"),
        best=ident(best),
    )
    return concat(["[", listed, "]"])


def _order(alias: str) -> Fragment:
    """The best first, then the newest."""
    return sql("{rank}, {at} DESC, {id} DESC", rank=of(alias, "rank"), at=of(alias, "at"), id=of(alias, "id"))


def _of_object(c: Compilation, root: p.SearchRoot, hits: p.Hits, write_record: WriteRecord) -> Fragment:
    name = hits.object_name
    given = source(c, name, filter_=None, parent=None)
    ranked = rank(c, name, given.alias, root.text)
    text = object_text(_members(c, root, hits, given.alias, write_record))
    return sql(
        "(SELECT {rank} AS rank, {at} AS at, {id} AS id, {text} AS hit FROM {table} WHERE {conditions} "
        "ORDER BY rank, at DESC, id DESC LIMIT {most})",
        rank=ranked,
        at=column(given.alias, name, "createdAt"),
        id=column(given.alias, name, "id"),
        text=text,
        table=given.table,
        conditions=all_of((*given.conditions, candidates.best(c, name, None, root.text, given.alias))),
        most=integer(c.most(root.size.position)),
    )


def _members(
    c: Compilation, root: p.SearchRoot, hits: p.Hits, alias: str, write_record: WriteRecord
) -> Iterator[tuple[str, Piece]]:
    write: dict[str, Callable[[], Piece]] = {
        "object": lambda: f'"{hits.object_name}"',
        "title": lambda: _title(c, hits.object_name, alias),
        "field": lambda: best_field(c, hits.object_name, alias, root.text),
        "match": lambda: _match(rank(c, hits.object_name, alias, root.text)),
        "score": lambda: _score(rank(c, hits.object_name, alias, root.text)),
        "__typename": lambda: f'"{HIT}"',
    }
    for key, name, selection in hits.items:
        yield key, write[name]() if selection is None else write_record(c, selection, alias)


def _title(c: Compilation, object_name: str, alias: str) -> Piece:
    """What stands for the record in a list, as far as the caller may read it."""
    field = c.shape.field(object_name, c.shape.objects[object_name].title_field)
    if field is None or field.type.output is not Output.TEXT:
        return NULL
    rights, stored = c.rights.on(object_name), column(alias, object_name, field.name)
    level = rights.level(field.name)
    if level is Level.NONE:
        return NULL
    return (
        masked_text(Output.TEXT, stored, rights.mask(field.name))
        if level is Level.MASKED
        else value_text(Output.TEXT, stored)
    )


def _quoted(name: str) -> Fragment:
    """A name as JSON text."""
    return constant(f'"{name}"')


def _match(ranked: Fragment) -> Fragment:
    words = join(", ", (_quoted(each.value) for each in Meeting))
    return sql("(ARRAY[{words}])[{rank} / 2 + 1]", words=words, rank=ranked)


def _score(ranked: Fragment) -> Fragment:
    return sql("({best} - {step} * {rank})::text", best=integer(_BEST), step=integer(_STEP), rank=ranked)
