"""Which records a page of a search looks at, as a condition on their ids, so that the plan never depends on the question.

Without an order the best come first. A question that few records meet is answered from the indexes, all of them ranked.
One that very many meet is told by the newest records that the caller sees; then the page is made of the best among them,
and of those met exactly or at the head where these are few enough for the indexes. So the time does not grow with the
number of records that are found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from services.permissions import Verb
from services.query import plan as p
from services.query.compilation import Compilation, column
from services.query.conditions import condition_sql
from services.query.merging import newest
from services.query.scopes import FALSE, TRUE, all_of, scope_condition
from services.query.searching import Meeting, met, met_in_one, open_fields, rank
from services.query.sources import Source, source, unscoped
from services.query.words import SAMPLE, apart, rarest, texts
from tenants.sql import EMPTY, Fragment, ident, integer, join, sql

# So many of the newest records that are met say that a question is broad.
_BROAD = 3
# Beyond so many, not all that is found is ranked.
_MOST_RANKED = 1_000
# Of a broad question: so many of the newest records are ranked, fewer where they are put together owner by owner.
_MOST_READ = 3_000
_MOST_OF_OWNERS = 2_000
_MOST_RECENT = 400
# So many are taken from the indexes that are met exactly, and so many at the head.
_MOST_OF_A_KIND = 200
# Of as many newest as tell what is broad, so many hold a word that leads to too many.
_COMMON = 5
# Where the newest hold no more than this, older ones are looked for, whatever it costs.
_TOO_FEW = 5


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of which records."""

    c: Compilation
    object_name: str
    filter: p.Condition | None
    asked: p.Parameter

    def ids(self, limit: int, only_if: Fragment, met: Callable[[str], Fragment]) -> Fragment:
        """A select of the ids of so many that meet it in some way."""
        given = source(self.c, self.object_name, filter_=self.filter, parent=None)
        return sql(
            "SELECT {id} FROM {table} WHERE {conditions} LIMIT {limit}",
            id=column(given.alias, self.object_name, "id"),
            table=given.table,
            conditions=all_of((only_if, *given.conditions, met(given.alias))),
            limit=integer(limit),
        )


@dataclass(frozen=True, slots=True)
class _Together:
    """Records in which only several fields together hold all words. Two parts: the rarest word, and those found by it."""

    question: _Question
    lead: str
    apart: str

    def parts(self, broad: Fragment) -> Fragment:
        """Both parts; nothing is looked for where the question is broad or even the rarest word is common."""
        c, name = self.question.c, self.question.object_name
        return sql(
            "{lead} AS MATERIALIZED ({rarest}), {apart} AS MATERIALIZED ({found}), ",
            lead=ident(self.lead),
            rarest=rarest(c, self.question.asked, _texts_that_tell(c, name)),
            apart=ident(self.apart),
            found=self.question.ids(
                _MOST_RANKED, sql("NOT {broad} AND NOT {common}", broad=broad, common=self.is_common()), self._met
            ),
        )

    def is_common(self) -> Fragment:
        """Whether even the rarest word leads to too many."""
        return sql("({number} >= {common})", number=_told(self.lead, "number"), common=integer(_COMMON))

    def rest(self, is_cut: Fragment, is_short: Fragment, found: str) -> Fragment:
        """What leads to too many after all, where next to nothing was found."""
        few = sql("(SELECT count(*) < {few} FROM {found})", few=integer(_TOO_FEW), found=ident(found))
        return self.question.ids(_MOST_RANKED, all_of((is_cut, is_short, few)), self._met_somehow)

    def _met(self, alias: str) -> Fragment:
        c, name = self.question.c, self.question.object_name
        return apart(name, alias, open_fields(c, name), self.question.asked, _told(self.lead, "grams"))

    def _met_somehow(self, alias: str) -> Fragment:
        c, name = self.question.c, self.question.object_name
        in_one = met_in_one(c, name, alias, self.question.asked, Meeting.CONTAINS)
        return sql("({in_one} OR ({apart}))", in_one=in_one, apart=self._met(alias))


def best(c: Compilation, object_name: str, filter_: p.Condition | None, asked: p.Parameter, alias: str) -> Fragment:
    """The record is among the best for a search."""
    if not open_fields(c, object_name):
        return FALSE
    question = _Question(c, object_name, filter_, asked)
    sample, found, cut, pool = (c.alias() for _ in range(4))
    broad, are_few = (
        _told(sample, "yes"),
        sql("(SELECT count(rank) < {few} FROM {pool})", few=integer(_TOO_FEW), pool=ident(pool)),
    )
    pooled, most = _pool(question, _told(cut, "yes"))
    words = _Together(question, c.alias(), c.alias()) if c.is_several(asked.position) else None
    ids = sql(
        "WITH {sample} AS MATERIALIZED ({sampled}), {found} AS MATERIALIZED ({narrow}), {apart}"
        "{cut} AS MATERIALIZED (SELECT {is_broad} OR count(*) > {ranked} AS yes FROM {found}), "
        "{pool} AS MATERIALIZED ({pooled}) "
        "SELECT id FROM {found} WHERE {kept} UNION ALL ({exact}) UNION ALL ({prefix}) UNION ALL ({recent}) UNION ALL ({rest})",
        sample=ident(sample),
        sampled=_sample(question),
        found=ident(found),
        narrow=_indexed(question, Meeting.CONTAINS, _MOST_RANKED + 1, sql("NOT {broad}", broad=broad)),
        apart=words.parts(broad) if words else EMPTY,
        cut=ident(cut),
        is_broad=sql("{broad} OR {common}", broad=broad, common=words.is_common()) if words else broad,
        ranked=integer(_MOST_RANKED),
        pool=ident(pool),
        pooled=pooled,
        kept=sql("TRUE UNION ALL SELECT id FROM {apart}", apart=ident(words.apart)) if words else are_few,
        exact=_indexed(question, Meeting.EXACT, _MOST_OF_A_KIND, _is_rare(sample, cut, "exact")),
        prefix=_indexed(question, Meeting.PREFIX, _MOST_OF_A_KIND, _is_rare(sample, cut, "prefix")),
        recent=_recent(pool),
        rest=words.rest(_told(cut, "yes"), _is_short(pool, most), found)
        if words
        else _indexed(
            question,
            Meeting.CONTAINS,
            _MOST_RANKED,
            sql("{broad} AND {short}", broad=broad, short=_is_short(pool, most)),
        ),
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


def _is_short(pool: str, most: int) -> Fragment:
    """The newest are not all there are, and hardly any of them is met."""
    return sql(
        "(SELECT count(*) >= {most} AND count(rank) < {few} FROM {pool})",
        most=integer(most),
        few=integer(_TOO_FEW),
        pool=ident(pool),
    )


def _indexed(question: _Question, meeting: Meeting, limit: int, only_if: Fragment) -> Fragment:
    """Ids of records in which one field meets the question so."""
    c, name = question.c, question.object_name
    return question.ids(limit, only_if, lambda alias: met_in_one(c, name, alias, question.asked, meeting))


def _sample(question: _Question) -> Fragment:
    """How the newest records meet a question: whether at all, at the head and exactly is common.

    Who sees no more than these needs no index: the newest are all there are.
    """
    c, name = question.c, question.object_name
    given, is_whole = _telling(c, name)
    found = met(c, name, given.alias, question.asked)
    kinds = {"yes": found if is_whole else TRUE} | {
        each.value.lower(): met(c, name, given.alias, question.asked, each) for each in (Meeting.PREFIX, Meeting.EXACT)
    }
    counted = (
        sql(
            "count(*) FILTER (WHERE {kind}) >= {broad}{or_whole} AS {name}",
            kind=kind,
            broad=integer(_BROAD),
            or_whole=sql(" OR count(*) < {sample}", sample=integer(SAMPLE)) if is_whole else EMPTY,
            name=ident(each),
        )
        for each, kind in kinds.items()
    )
    return sql(
        "SELECT {counted} FROM {newest} WHERE {counts}",
        counted=join(", ", counted),
        newest=given.table,
        counts=all_of(given.conditions if is_whole else (*given.conditions, found)),
    )


def _telling(c: Compilation, object_name: str) -> tuple[Source, bool]:
    """The newest records that tell what is common, and whether fewer of them would be all that the caller sees.

    A record out of sight never tells: what is found, and how much of it, would speak of its text.
    """
    own = newest(c, object_name, SAMPLE)
    if own is not None:
        return own, True
    given = unscoped(c, object_name, filter_=None)
    seen = scope_condition(c, given.thing, given.alias, Verb.READ)
    conditions = () if seen is TRUE else (seen,)
    return replace(given, table=_newest(given, c, given.alias, SAMPLE, TRUE), conditions=conditions), False


def _texts_that_tell(c: Compilation, object_name: str) -> Fragment:
    given, _ = _telling(c, object_name)
    return sql(
        "SELECT {texts} AS held FROM {table} WHERE {seen}",
        texts=texts(object_name, given.alias, open_fields(c, object_name)),
        table=given.table,
        seen=all_of(given.conditions),
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
