"""Which records a page of a search looks at, as a condition on their ids, so that the plan never depends on the question.

Without an order the best come first. A question that few records meet is answered from the indexes, all of them ranked.
One that very many meet is told by the newest records; then the page is made of those met exactly or at the head, and of
the newest of the others. So the time does not grow with the number of records that are found.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.query import plan as p
from services.query.compilation import Compilation, column, of
from services.query.scopes import FALSE, TRUE, all_of
from services.query.searching import Meeting, met, met_by_index, open_fields
from services.query.sources import source
from tenants.sql import Fragment, ident, integer, join, sql

# Of so many newest records, so many that are met say that a question is broad.
_SAMPLE = 1_000
_BROAD = 10
# Beyond so many, not all that is found is ranked.
_MOST_RANKED = 1_000
# Of a broad question: so many are ranked of each kind, and no more records are read for them.
_MOST_OF_A_KIND = 200
_MOST_READ = 10_000


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of which records."""

    c: Compilation
    object_name: str
    filter: p.Condition | None
    asked: p.Parameter


def best(c: Compilation, object_name: str, filter_: p.Condition | None, asked: p.Parameter, alias: str) -> Fragment:
    """The record is among the best for a search."""
    if not open_fields(c, object_name):
        return FALSE
    question = _Question(c, object_name, filter_, asked)
    sample, found, cut = c.alias(), c.alias(), c.alias()
    is_broad = sql("(SELECT {name} FROM {sample})", name=ident("yes"), sample=ident(sample))
    is_cut = sql("(SELECT {name} FROM {cut})", name=ident("yes"), cut=ident(cut))
    ids = sql(
        "WITH {sample} AS MATERIALIZED (SELECT count(*) >= {broad} AS yes FROM ({newest}) AS newest), "
        "{found} AS MATERIALIZED ({narrow}), "
        "{cut} AS MATERIALIZED (SELECT {is_broad} OR count(*) > {most} AS yes FROM {found}) "
        "SELECT id FROM {found} UNION ALL ({exact}) UNION ALL ({prefix}) UNION ALL ({recent})",
        sample=ident(sample),
        found=ident(found),
        cut=ident(cut),
        broad=integer(_BROAD),
        most=integer(_MOST_RANKED),
        newest=_newest(question, _SAMPLE, TRUE),
        narrow=_indexed(question, Meeting.CONTAINS, _MOST_RANKED + 1, sql("NOT {broad}", broad=is_broad)),
        is_broad=is_broad,
        exact=_indexed(question, Meeting.EXACT, _MOST_OF_A_KIND, is_cut),
        prefix=_indexed(question, Meeting.PREFIX, _MOST_OF_A_KIND, is_cut),
        recent=_newest(question, _MOST_READ, is_cut, limit=_MOST_OF_A_KIND),
    )
    return _among(object_name, alias, ids)


def every(c: Compilation, object_name: str, filter_: p.Condition | None, asked: p.Parameter, alias: str) -> Fragment:
    """The record is found at all; for pages in an order of their own, which no index of the order may answer."""
    given = source(c, object_name, filter_=filter_, parent=None, search=asked)
    ids = sql(
        "SELECT {id} FROM {table} WHERE {conditions}",
        id=column(given.alias, object_name, "id"),
        table=given.table,
        conditions=all_of(given.conditions),
    )
    return _among(object_name, alias, ids)


def _among(object_name: str, alias: str, ids: Fragment) -> Fragment:
    return sql("{id} = ANY (ARRAY({ids}))", id=column(alias, object_name, "id"), ids=ids)


def _indexed(question: _Question, meeting: Meeting, limit: int, only_if: Fragment) -> Fragment:
    c, name = question.c, question.object_name
    given = source(c, name, filter_=question.filter, parent=None)
    found = met_by_index(c, name, given.alias, question.asked, meeting)
    return sql(
        "SELECT {id} FROM {table} WHERE {conditions} LIMIT {limit}",
        id=column(given.alias, name, "id"),
        table=given.table,
        conditions=all_of((only_if, *given.conditions, found)),
        limit=integer(limit),
    )


def _newest(question: _Question, read: int, only_if: Fragment, *, limit: int | None = None) -> Fragment:
    """Those that are found among the newest records of all; a caller who sees few of these has a narrow question."""
    c, name = question.c, question.object_name
    given, newest = source(c, name, filter_=question.filter, parent=None), c.alias()
    order = [column(newest, name, each) for each in ("createdAt", "id")]
    return sql(
        "SELECT {id} FROM (SELECT * FROM {table} {newest} WHERE {only_if} AND {deleted_at} IS NULL "
        "ORDER BY {order} LIMIT {read}) {alias} WHERE {conditions}{limit}",
        id=of(given.alias, "id"),
        table=given.name,
        newest=ident(newest),
        only_if=only_if,
        deleted_at=column(newest, name, "deletedAt"),
        order=join(", ", (sql("{key} DESC", key=each) for each in order)),
        read=integer(read),
        alias=ident(given.alias),
        conditions=all_of((*given.conditions, met(c, name, given.alias, question.asked))),
        limit=sql("") if limit is None else sql(" LIMIT {limit}", limit=integer(limit)),
    )
