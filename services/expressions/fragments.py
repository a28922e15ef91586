"""What functions and operators are in PostgreSQL: each the twin of a function in `values.py`, and as total.

Arguments are written once into the text wherever that is possible, so that a statement grows with its expression; where
not, a subselect that is not pulled up gives them a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import LiteralString, TypeAlias

from tenants.sql import Fragment, integer, join, sql


@dataclass(frozen=True, slots=True)
class MoneySql:
    """An amount, and the currencies of everything in it: it is empty unless they are all the same."""

    amount: Fragment
    currencies: tuple[Fragment, ...]

    @property
    def checked(self) -> Fragment:
        """The amount, empty where currencies are mixed."""
        return self.where(self.amount)

    def where(self, answer: Fragment) -> Fragment:
        """An answer, empty where currencies are mixed."""
        first, *others = self.currencies
        if not others:
            return answer
        same = join(" AND ", [sql("{a} = {b}", a=first, b=each) for each in others])
        return sql("(CASE WHEN {same} THEN {answer} END)", same=same, answer=answer)

    @property
    def currency(self) -> Fragment:
        """The currency, empty where there is no amount."""
        return sql(
            "(CASE WHEN {amount} IS NOT NULL THEN {currency} END)", amount=self.checked, currency=self.currencies[0]
        )


Sql: TypeAlias = Fragment | MoneySql
# The arguments are fragments, of money where the row of the table says so.
Writer: TypeAlias = Callable[..., Sql]


_SIGNS: Mapping[str, Fragment] = {
    "=": sql("="),
    "<>": sql("<>"),
    "<": sql("<"),
    "<=": sql("<="),
    ">": sql(">"),
    ">=": sql(">="),
}
_CALLED: Mapping[str, Fragment] = {
    "abs": sql("abs"),
    "coalesce": sql("coalesce"),
    "least": sql("least"),
    "greatest": sql("greatest"),
}
_PARTS: Mapping[str, Fragment] = {
    "year": sql("year"),
    "month": sql("month"),
    "day": sql("day"),
    "isodow": sql("isodow"),
}


def infix(sign: str) -> Writer:
    """`a sign b`."""
    return lambda a, b: sql("({a} {sign} {b})", a=a, sign=_SIGNS[sign], b=b)


def chain(separator: LiteralString) -> Writer:
    """All operands with AND or OR."""
    return lambda *given: sql("({all})", all=join(separator, given))


def negated(a: Fragment) -> Fragment:
    """NOT."""
    return sql("(NOT {a})", a=a)


def is_null(a: Sql) -> Fragment:
    """Whether it is empty."""
    return sql("({a} IS NULL)", a=a.checked if isinstance(a, MoneySql) else a)


def is_not_null(a: Sql) -> Fragment:
    """Whether it is not empty."""
    return sql("({a} IS NOT NULL)", a=a.checked if isinstance(a, MoneySql) else a)


def empty_text(a: Fragment) -> Fragment:
    """Whether a text is missing or has no sign."""
    return sql("(coalesce({a}, '') = '')", a=a)


def empty_list(a: Fragment) -> Fragment:
    """Whether a list is missing or has no item."""
    return sql("(coalesce(cardinality({a}), 0) = 0)", a=a)


def conditional(condition: Fragment, first: Fragment, second: Fragment) -> Fragment:
    """The second also where the condition is unknown."""
    return sql("(CASE WHEN {c} THEN {a} ELSE {b} END)", c=condition, a=first, b=second)


def called(name: str) -> Writer:
    """A function of PostgreSQL with any number of arguments."""
    return lambda *given: sql("{name}({all})", name=_CALLED[name], all=join(", ", given))


# --- numbers ----------------------------------------------------------------------------------------------------------


def bounded(x: Fragment) -> Fragment:
    """Rounded to 10 decimals; empty beyond the limit. Nothing is written twice: bounds are compared by cutting."""
    return _within(sql("round({x}, 10)", x=x))


def _within(x: Fragment) -> Fragment:
    return sql("nullif(nullif(greatest(least({x}, 1e28), -1e28), 1e28), -1e28)", x=x)


def add(a: Fragment, b: Fragment) -> Fragment:
    """`a + b`."""
    return bounded(sql("{a} + {b}", a=a, b=b))


def subtract(a: Fragment, b: Fragment) -> Fragment:
    """`a - b`."""
    return bounded(sql("{a} - {b}", a=a, b=b))


def multiply(a: Fragment, b: Fragment) -> Fragment:
    """`a * b`."""
    return bounded(sql("{a} * {b}", a=a, b=b))


def divide(a: Fragment, b: Fragment) -> Fragment:
    """By whole numbers: PostgreSQL's own division keeps fewer decimals of large quotients."""
    return sql(
        "(SELECT {answer} FROM (SELECT {a} AS a, nullif({b}, 0) AS b OFFSET 0) v)",
        answer=bounded(
            sql("sign(v.a) * sign(v.b) * div(abs(v.a) * 20000000000 + abs(v.b), 2 * abs(v.b)) * 0.0000000001")
        ),
        a=a,
        b=b,
    )


def remainder(a: Fragment, b: Fragment) -> Fragment:
    """The sign of `a`."""
    return bounded(sql("mod({a}, nullif({b}, 0))", a=a, b=b))


def negate(a: Fragment) -> Fragment:
    """`-a`."""
    return sql("(- {a})", a=a)


def rounded(a: Fragment, places: Fragment) -> Fragment:
    """Half away from zero."""
    # Names alone stand in the answer, `places` being as long as its writer likes.
    return sql(
        "(SELECT {answer} FROM (SELECT {a} AS a, {n} AS n OFFSET 0) v)",
        answer=bounded(
            sql("CASE WHEN v.n IS NOT NULL THEN round(v.a, trunc(least(greatest(v.n, 0), 10))::integer) END")
        ),
        a=a,
        n=places,
    )


def whole(a: Fragment) -> Fragment:
    """To a whole number, half away from zero."""
    return bounded(sql("round({a})", a=a))


def floor(a: Fragment) -> Fragment:
    """The next whole number below."""
    return bounded(sql("floor({a})", a=a))


def ceiling(a: Fragment) -> Fragment:
    """The next whole number above."""
    return bounded(sql("ceil({a})", a=a))


def number_text(a: Fragment) -> Fragment:
    """Without needless zeros."""
    return sql("trim_scale({a})::text", a=a)


# --- lists ------------------------------------------------------------------------------------------------------------


def member(one: Fragment, items: Fragment) -> Fragment:
    """An item of an array."""
    return sql("({one} = ANY ({items}))", one=one, items=items)


def has_any(one: Fragment, others: Fragment) -> Fragment:
    """An item in common."""
    return sql("({one} && {others})", one=one, others=others)


def has_all(one: Fragment, others: Fragment) -> Fragment:
    """All of the others."""
    return sql("({one} @> {others})", one=one, others=others)


# --- text -------------------------------------------------------------------------------------------------------------


def ordered(sign: str) -> Writer:
    """Texts by code point, whatever the database sorts by."""
    compared = infix(sign)
    return lambda a, b: compared(a, sql('{b} COLLATE "C"', b=b))


def contains(text: Fragment, part: Fragment) -> Fragment:
    """Somewhere in it."""
    return sql("(position({part} IN {text}) > 0)", part=part, text=text)


def starts_with(text: Fragment, part: Fragment) -> Fragment:
    """At its beginning."""
    return sql("starts_with({text}, {part})", part=part, text=text)


def ends_with(text: Fragment, part: Fragment) -> Fragment:
    """At its end."""
    return sql("starts_with(reverse({text}), reverse({part}))", part=part, text=text)


def joined(a: Fragment, b: Fragment) -> Fragment:
    """One after the other."""
    return sql("({a} || {b})", a=a, b=b)


def length(a: Fragment) -> Fragment:
    """Code points."""
    return sql("char_length({a})::numeric", a=a)


def size(a: Fragment) -> Fragment:
    """Items."""
    return sql("cardinality({a})::numeric", a=a)


def lower(a: Fragment) -> Fragment:
    """A–Z only."""
    return sql('lower({a} COLLATE "C")', a=a)


def upper(a: Fragment) -> Fragment:
    """a–z only."""
    return sql('upper({a} COLLATE "C")', a=a)


def trim(a: Fragment) -> Fragment:
    """Without spaces, tabs and line ends around it."""
    return sql(r"btrim({a}, E' \t\n\r')", a=a)


def itself(a: Fragment) -> Fragment:
    """The same."""
    return a


def leftmost(a: Fragment, count: Fragment) -> Fragment:
    """The first signs."""
    return sql("left({a}, {count})", a=a, count=_signs(count))


def rightmost(a: Fragment, count: Fragment) -> Fragment:
    """The last signs."""
    return sql("right({a}, {count})", a=a, count=_signs(count))


def _signs(count: Fragment) -> Fragment:
    """`least` and `greatest` leave empty values out, so a count that is empty has to be brought back."""
    return sql("(SELECT CASE WHEN v.n IS NOT NULL THEN trunc(least(greatest(v.n, 0), 10000))::integer END"
               " FROM (SELECT {n} AS n OFFSET 0) v)", n=count)  # fmt: skip


# --- money ------------------------------------------------------------------------------------------------------------


def money(amount: Fragment, currency: Fragment) -> MoneySql:
    """An amount in a currency."""
    return MoneySql(amount, (currency,))


def amount(a: MoneySql) -> Fragment:
    """The amount alone."""
    return a.checked


def currency(a: MoneySql) -> Fragment:
    """The currency alone."""
    return a.currency


def on_amounts(writer: Writer) -> Writer:
    """Of two amounts, empty where their currencies differ."""

    def wrapped(a: MoneySql, b: MoneySql) -> Fragment:
        written = writer(a.amount, b.amount)
        assert isinstance(written, Fragment)
        return _both(a, b).where(written)

    return wrapped


def sum_of(writer: Writer) -> Writer:
    """Money of two amounts; that their currencies are the same is asked once, where it is used."""

    def wrapped(a: MoneySql, b: MoneySql) -> MoneySql:
        written = writer(a.amount, b.amount)
        assert isinstance(written, Fragment)
        return MoneySql(written, _both(a, b).currencies)

    return wrapped


def on_amount(writer: Writer) -> Writer:
    """Money of one amount and something else."""

    def wrapped(a: MoneySql, *others: Fragment) -> MoneySql:
        written = writer(a.amount, *others)
        assert isinstance(written, Fragment)
        return MoneySql(written, a.currencies)

    return wrapped


def _both(a: MoneySql, b: MoneySql) -> MoneySql:
    return MoneySql(a.amount, tuple(_each_once((*a.currencies, *b.currencies))))


def _each_once(given: Iterable[Fragment]) -> Iterable[Fragment]:
    return dict.fromkeys(given)


# --- time -------------------------------------------------------------------------------------------------------------


def seconds(per: int) -> Writer:
    """A length of time from a number of units."""
    return lambda count: to_micro(sql("{count} * {per}", count=count, per=integer(per)))


def to_micro(a: Fragment) -> Fragment:
    """Rounded to microseconds."""
    return _within(sql("round({a}, 6)", a=a))


def stretch(a: Fragment, times: Fragment) -> Fragment:
    """A length of time some times over."""
    return to_micro(sql("{a} * {times}", a=a, times=times))


def since(a: Fragment, b: Fragment) -> Fragment:
    """Seconds from `b` to `a`."""
    return sql("(extract(epoch FROM {a}) - extract(epoch FROM {b}))", a=a, b=b)


def later(moment: Fragment, span: Fragment) -> Fragment:
    """A moment after a length of time: days and the rest of a day apart, each exact as a float."""
    return sql(
        "(SELECT CASE WHEN v.s >= 0 AND v.s < 315537897600 THEN (TIMESTAMP '0001-01-01 00:00:00'"
        " + make_interval(days => div(v.s, 86400)::integer, secs => mod(v.s, 86400)::double precision))"
        " AT TIME ZONE 'UTC' END"
        " FROM (SELECT extract(epoch FROM {moment}) + 62135596800 + {span} AS s OFFSET 0) v)",
        moment=moment,
        span=span,
    )


def earlier(moment: Fragment, span: Fragment) -> Fragment:
    """A moment before."""
    return later(moment, negate(span))


def day_after(day: Fragment, span: Fragment) -> Fragment:
    """A day after the whole days of a length of time."""
    return sql(
        "(SELECT CASE WHEN v.n >= 0 AND v.n <= 3652058 THEN DATE '0001-01-01' + v.n::integer END"
        " FROM (SELECT ({day} - DATE '0001-01-01') + div({span}, 86400) AS n OFFSET 0) v)",
        day=day,
        span=span,
    )


def day_before(day: Fragment, span: Fragment) -> Fragment:
    """A day before."""
    return day_after(day, negate(span))


def days_since(a: Fragment, b: Fragment) -> Fragment:
    """Whole days as a length of time."""
    return sql("(({a} - {b})::numeric * 86400)", a=a, b=b)


def add_months(day: Fragment, count: Fragment) -> Fragment:
    """The same day of another month, or its last."""
    return sql(
        "(SELECT CASE WHEN v.m >= 12 AND v.m < 120000 AND v.n IS NOT NULL"
        " THEN (v.d + make_interval(months => v.n))::date END"
        " FROM (SELECT u.d, u.n, extract(year FROM u.d) * 12 + extract(month FROM u.d) - 1 + u.n AS m"
        " FROM (SELECT {day} AS d, CASE WHEN w.c IS NOT NULL"
        " THEN trunc(least(greatest(w.c, -120000), 120000))::integer END AS n"
        " FROM (SELECT {count} AS c OFFSET 0) w OFFSET 0) u OFFSET 0) v)",
        day=day,
        count=count,
    )


def day_of(moment: Fragment, zone: Fragment) -> Fragment:
    """The day in a zone."""
    return sql(
        "nullif(nullif(greatest(least(({moment} AT TIME ZONE {zone})::date, DATE '10000-01-01'), DATE '0001-12-31 BC'),"
        " DATE '10000-01-01'), DATE '0001-12-31 BC')",
        moment=moment,
        zone=zone,
    )


def part_of(name: str) -> Writer:
    """A part of a day as a number."""
    return lambda day: sql("extract({name} FROM {day})", name=_PARTS[name], day=day)


def day_text(day: Fragment) -> Fragment:
    """`2026-03-01`."""
    return sql("to_char({day}::timestamp, 'YYYY-MM-DD')", day=day)
