"""What functions and operators do with values. Each is the twin of a fragment in `fragments.py`, and total: nothing raises.

Empty is `None`. A number has at most 10 decimals and 28 digits before them; what is larger is empty.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import wraps
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from schema.metadata.values import Money

# Any: values of every type of the language pass through here; the checker has seen which.
Value: TypeAlias = Any

SCALE: Final = 10
DIGITS: Final = 28
LIMIT: Final = Decimal(10) ** DIGITS
_UNIT: Final = Decimal(1).scaleb(-SCALE)
_MICRO: Final = Decimal(1).scaleb(-6)
# Wide enough that no step before the rounding is inexact.
_EXACT: Final = Context(prec=200)
_FIRST_DAY: Final = date.min.toordinal()
_LAST_DAY: Final = date.max.toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SPACES: Final = " \t\n\r"
_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER: Final = {code + 32: code for code in range(ord("A"), ord("Z") + 1)}
MOST_SIGNS: Final = 10_000
MOST_MONTHS: Final = 120_000


def strict(function: Callable[..., Value]) -> Callable[..., Value]:
    """Empty as soon as one argument is."""

    @wraps(function)
    def wrapped(*arguments: Value) -> Value:
        return None if None in arguments else function(*arguments)

    return wrapped


def is_number(number: Decimal) -> bool:
    """Whether a number may be written: at most 10 decimals, less than 10^28."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= SCALE and -LIMIT < number < LIMIT


def bounded(number: Decimal) -> Decimal | None:
    """Rounded to 10 decimals, half away from zero; empty beyond the limit."""
    rounded = number.quantize(_UNIT, ROUND_HALF_UP, _EXACT)
    return rounded if -LIMIT < rounded < LIMIT else None


# --- numbers ----------------------------------------------------------------------------------------------------------


def add(a: Decimal, b: Decimal) -> Value:
    """`a + b`."""
    return bounded(_EXACT.add(a, b))


def subtract(a: Decimal, b: Decimal) -> Value:
    """`a - b`."""
    return bounded(_EXACT.subtract(a, b))


def multiply(a: Decimal, b: Decimal) -> Value:
    """`a * b`."""
    return bounded(_EXACT.multiply(a, b))


def divide(a: Decimal, b: Decimal) -> Value:
    """`a / b`, rounded half away from zero to 10 decimals; empty for nothing."""
    if not b:
        return None
    doubled = _EXACT.add(_EXACT.multiply(a, 2 * Decimal(10) ** SCALE).copy_abs(), b.copy_abs())
    quotient = _EXACT.divide_int(doubled, _EXACT.multiply(b, Decimal(2)).copy_abs())
    return bounded((quotient if (a < 0) == (b < 0) else quotient.copy_negate()).scaleb(-SCALE, _EXACT))


def remainder(a: Decimal, b: Decimal) -> Value:
    """What is left of a division to a whole number; it has the sign of `a`."""
    return bounded(_EXACT.remainder(a, b)) if b else None


def negate(a: Decimal) -> Decimal:
    """`-a`, with all of its digits."""
    return a.copy_negate()


def whole(a: Decimal) -> Value:
    """To a whole number, half away from zero."""
    return rounded(a, Decimal(0))


def rounded(a: Decimal, places: Decimal) -> Value:
    """Half away from zero; places are cut to 0…10."""
    kept = int(min(max(places, Decimal(0)), Decimal(SCALE)))
    return bounded(a.quantize(Decimal(1).scaleb(-kept), ROUND_HALF_UP, _EXACT))


def floor(a: Decimal) -> Value:
    """The next whole number below."""
    return bounded(a.to_integral_value(ROUND_FLOOR, _EXACT))


def ceiling(a: Decimal) -> Value:
    """The next whole number above."""
    return bounded(a.to_integral_value(ROUND_CEILING, _EXACT))


def least(*given: Value) -> Value:
    """The least of those that are not empty."""
    return min((each for each in given if each is not None), default=None)


def greatest(*given: Value) -> Value:
    """The greatest of those that are not empty."""
    return max((each for each in given if each is not None), default=None)


# --- truth ------------------------------------------------------------------------------------------------------------


def member(one: Value, items: Sequence[Value] | None) -> Value:
    """`one in items`, as SQL says it: unknown if it is not there and something is empty."""
    if items is None:
        return None
    if not items:
        return False
    if one is None:
        return None
    if any(each is not None and each == one for each in items):
        return True
    return None if None in items else False


def every(*given: Value) -> Value:
    """AND of SQL: false if one is, unknown if one is and none is false."""
    return False if False in given else None if None in given else True


def some(*given: Value) -> Value:
    """OR of SQL: true if one is, unknown if one is and none is true."""
    return True if True in given else None if None in given else False


def conditional(condition: Value, a: Value, b: Value) -> Value:
    """`b` also where the condition is unknown."""
    return a if condition else b


def is_null(one: Value) -> bool:
    """Whether it is empty."""
    return one is None


def is_not_null(one: Value) -> bool:
    """Whether it is not empty."""
    return one is not None


def itself(one: Value) -> Value:
    """The same."""
    return one


def first(*given: Value) -> Value:
    """The first that is not empty."""
    return next((each for each in given if each is not None), None)


def is_empty(one: Value) -> bool:
    """Whether there is nothing: no value, no sign, no item."""
    return one is None or (isinstance(one, str | list | tuple) and len(one) == 0)


def has_any(one: Sequence[Value], others: Iterable[Value]) -> bool:
    """Whether some of the others are items of the one; empty others are none."""
    return any(each is not None and each in one for each in others)


def has_all(one: Sequence[Value], others: Iterable[Value]) -> bool:
    """Whether all of the others are items of the one."""
    return all(each is not None and each in one for each in others)


# --- text -------------------------------------------------------------------------------------------------------------


def lower(text: str) -> str:
    """A–Z only, the same on every server."""
    return text.translate(_LOWER)


def upper(text: str) -> str:
    """a–z only."""
    return text.translate(_UPPER)


def trim(text: str) -> str:
    """Without spaces, tabs and line ends around it."""
    return text.strip(_SPACES)


def signs(count: Decimal) -> int:
    """How many signs are meant: whole, from 0 to 10,000."""
    return int(min(max(count, Decimal(0)), Decimal(MOST_SIGNS)))


def leftmost(text: str, count: Decimal) -> str:
    """The first signs."""
    return text[: signs(count)]


def rightmost(text: str, count: Decimal) -> str:
    """The last signs."""
    kept = signs(count)
    return text[-kept:] if kept else ""


def length(one: str | Sequence[Value]) -> Decimal:
    """Code points of a text, items of a list."""
    return Decimal(len(one))


def day_text(day: date) -> str:
    """`2026-03-01`."""
    return day.isoformat()


def number_text(number: Decimal) -> str:
    """A number without needless zeros."""
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


# --- money ------------------------------------------------------------------------------------------------------------


def money(amount: Decimal, currency: str) -> Value:
    """An amount in a currency."""
    return Money(amount, currency)


def of_one_currency(
    function: Callable[[Decimal, Decimal], Value], *, answers_money: bool = False
) -> Callable[..., Value]:
    """A function of two amounts; empty where their currencies differ."""

    @strict
    def wrapped(a: Money, b: Money) -> Value:
        if a.currency != b.currency:
            return None
        found = function(a.amount, b.amount)
        return Money(found, a.currency) if answers_money and found is not None else found

    return wrapped


def on_amount(function: Callable[..., Value]) -> Callable[..., Value]:
    """A function of an amount that keeps the currency."""

    @strict
    def wrapped(a: Money, *others: Value) -> Value:
        found = function(a.amount, *others)
        return None if found is None else Money(found, a.currency)

    return wrapped


# --- time -------------------------------------------------------------------------------------------------------------


def seconds(per: int) -> Callable[[Decimal], Value]:
    """A length of time from a number of units, to the microsecond."""
    return lambda count: to_micro(_EXACT.multiply(count, Decimal(per)))


def to_micro(number: Decimal) -> Value:
    """Rounded to microseconds, half away from zero."""
    found = number.quantize(_MICRO, ROUND_HALF_UP, _EXACT)
    return found if -LIMIT < found < LIMIT else None


def stretch(span: Decimal, times: Decimal) -> Value:
    """A length of time some times over."""
    return to_micro(_EXACT.multiply(span, times))


def since(a: datetime, b: datetime) -> Decimal:
    """Seconds from `b` to `a`."""
    return _EXACT.subtract(_of_epoch(a), _of_epoch(b))


def later(moment: datetime, length: Decimal) -> Value:
    """A moment after a length of time; empty outside the years 1 to 9999."""
    micros = int(_EXACT.add(_of_epoch(moment), length).scaleb(6, _EXACT))
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return None


def earlier(moment: datetime, length: Decimal) -> Value:
    """A moment before."""
    return later(moment, negate(length))


def day_after(day: date, length: Decimal) -> Value:
    """A day after the whole days of a length of time."""
    wanted = day.toordinal() + whole_days(length)
    return date.fromordinal(wanted) if _FIRST_DAY <= wanted <= _LAST_DAY else None


def day_before(day: date, length: Decimal) -> Value:
    """A day before."""
    return day_after(day, negate(length))


def whole_days(length: Decimal) -> int:
    """The whole days in a length of time, towards nothing."""
    return int(_EXACT.divide_int(length, Decimal(86400)))


def days_since(a: date, b: date) -> Decimal:
    """Days from `b` to `a`, as a length of time."""
    return Decimal((a.toordinal() - b.toordinal()) * 86400)


def add_months(day: date, count: Decimal) -> Value:
    """The same day of another month, or its last; empty outside the years 1 to 9999."""
    months = int(min(max(count, Decimal(-MOST_MONTHS)), Decimal(MOST_MONTHS)))
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_of(moment: datetime, zone: ZoneInfo) -> Value:
    """The day that a moment falls on in a zone."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return None


def _of_epoch(moment: datetime) -> Decimal:
    passed = moment - _EPOCH
    return Decimal(passed // timedelta(microseconds=1)).scaleb(-6)
