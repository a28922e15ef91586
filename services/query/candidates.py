"""Which records a page of a search looks at, as a condition on their ids, so that the plan never depends on the question.

Without an order the best come first. A question that few records meet is answered from the indexes, all of them ranked.
One that very many meet is told by the newest records, whoever sees them; then the page is made of the best among the
newest that the caller sees, and of those met exactly or at the head where these are few enough for the indexes. So the
time does not grow with the number of records that are found.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.query import plan as p
from services.query.compilation import Compilation, column
from services.query.conditions import condition_sql
from services.query.merging import newest
from services.query.scopes import FALSE, TRUE, all_of
from services.query.searching import Meeting, met, met_by_index, open_fields, rank
from services.query.sources import Source, source
from tenants.sql import Fragment, ident, integer, join, sql

# Of so many newest records, so many that are met say that a question is broad.
_SAMPLE = 1_000
_BROAD = 3
# Beyond so many, not all that is found is ranked.
_MOST_RANKED = 1_000
# Of a broad question: so many of the newest records are ranked, fewer where they are put together owner by owner.
_MOST_READ = 3_000
_MOST_OF_OWNERS = 2_000
_MOST_RECENT = 400
# So many are taken from the indexes that are met exactly, and so many at the head.
_MOST_OF_A_KIND = 200
# Where the newest hold no more than this, older ones are looked for, whatever it costs.
_TOO_FEW = 5


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
    sample, found, cut, pool = (c.alias() for _ in range(4))
    pooled, most = _pool(question, _told(cut, "yes"))
    ids = sql(
        "WITH {sample} AS MATERIALIZED ({sampled}), {found} AS MATERIALIZED ({narrow}), "
        "{cut} AS MATERIALIZED (SELECT {is_broad} OR count(*) > {ranked} AS yes FROM {found}), "
        "{pool} AS MATERIALIZED ({pooled}) "
        "SELECT id FROM {found} WHERE (SELECT count(rank) < {few} FROM {pool}) UNION ALL ({exact}) UNION ALL ({prefix}) UNION ALL ({recent}) UNION ALL ({rest})",
        sample=ident(sample),
        sampled=_sample(question),
        found=ident(found),
        narrow=_indexed(question, Meeting.CONTAINS, _MOST_RANKED + 1, sql("NOT {broad}", broad=_told(sample, "yes"))),
        cut=ident(cut),
        is_broad=_told(sample, "yes"),
        ranked=integer(_MOST_RANKED),
        pool=ident(pool),
        pooled=pooled,
        few=integer(_TOO_FEW),
        exact=_indexed(question, Meeting.EXACT, _MOST_OF_A_KIND, _is_rare(sample, cut, "exact")),
        prefix=_indexed(question, Meeting.PREFIX, _MOST_OF_A_KIND, _is_rare(sample, cut, "prefix")),
        recent=_recent(pool),
        rest=_indexed(question, Meeting.CONTAINS, _MOST_RANKED, _is_too_little(sample, pool, most)),
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


def _told(of_: str, name: str) -> Fragment:
    """One value of a part that has one row."""
    return sql("(SELECT {name} FROM {part})", name=ident(name), part=ident(of_))


def _is_rare(sample: str, cut: str, kind: str) -> Fragment:
    return sql("{cut} AND NOT {common}", cut=_told(cut, "yes"), common=_told(sample, kind))


def _is_too_little(sample: str, pool: str, most: int) -> Fragment:
    """The newest are not all there are, and hardly any of them is met by so broad a question."""
    return sql(
        "{broad} AND (SELECT count(*) >= {most} AND count(rank) < {few} FROM {pool})",
        broad=_told(sample, "yes"),
        most=integer(most),
        few=integer(_TOO_FEW),
        pool=ident(pool),
    )


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


def _sample(question: _Question) -> Fragment:
    """How the newest records of all meet a question: whether at all, at the head and exactly is common."""
    c, name = question.c, question.object_name
    alias = c.alias()
    kinds = {"yes": TRUE} | {
        each.value.lower(): met(c, name, alias, question.asked, each) for each in (Meeting.PREFIX, Meeting.EXACT)
    }
    counted = (
        sql("count(*) FILTER (WHERE {kind}) >= {broad} AS {name}", kind=kind, broad=integer(_BROAD), name=ident(each))
        for each, kind in kinds.items()
    )
    return sql(
        "SELECT {counted} FROM {newest} WHERE {met}",
        counted=join(", ", counted),
        newest=_newest(source(c, name, filter_=None, parent=None), c, alias, _SAMPLE, TRUE),
        met=met(c, name, alias, question.asked),
    )


def _pool(question: _Question, only_if: Fragment) -> tuple[Fragment, int]:
    """The newest that the caller sees, each with its rank if it is found, and how many they are at most."""
    c, name = question.c, question.object_name
    own = newest(c, name, _MOST_OF_OWNERS)
    if own is None:
        given = source(c, name, filter_=question.filter, parent=None)
        alias, table, conditions = given.alias, _newest(given, c, given.alias, _MOST_READ, only_if), given.conditions
    else:
        asked = () if question.filter is None else (condition_sql(c, question.filter, name, own.alias),)
        alias, table, conditions = own.alias, own.table, asked
    pooled = sql(
        "SELECT {id} AS id, {at} AS at, CASE WHEN {found} THEN {rank} END AS rank FROM {table} WHERE {only_if}",
        id=column(alias, name, "id"),
        at=column(alias, name, "createdAt"),
        found=all_of((*conditions, met(c, name, alias, question.asked))),
        rank=rank(c, name, alias, question.asked),
        table=table,
        only_if=only_if,
    )
    return pooled, _MOST_READ if own is None else _MOST_OF_OWNERS


def _recent(pool: str) -> Fragment:
    return sql(
        "SELECT id FROM {pool} WHERE rank IS NOT NULL ORDER BY rank, at DESC, id DESC LIMIT {most}",
        pool=ident(pool),
        most=integer(_MOST_RECENT),
    )


def _newest(given: Source, c: Compilation, alias: str, read: int, only_if: Fragment) -> Fragment:
    """The newest live records of all under an alias, whoever may see them."""
    name, inner = given.thing.name, c.alias()
    order = join(", ", (sql("{key} DESC", key=column(inner, name, each)) for each in ("createdAt", "id")))
    return sql(
        "(SELECT * FROM {table} {inner} WHERE {only_if} AND {deleted_at} IS NULL ORDER BY {order} LIMIT {read}) {alias}",
        table=given.name,
        inner=ident(inner),
        only_if=only_if,
        deleted_at=column(inner, name, "deletedAt"),
        order=order,
        read=integer(read),
        alias=ident(alias),
    )
