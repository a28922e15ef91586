"""Operands of filters: raw values of the API become parameters of the statement, or are refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata import durations
from schema.metadata.contacts import PHONE_REGION
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.normal_text import Form, normal
from schema.metadata.times import read_time
from schema.metadata.types import Operators
from schema.metadata.values import currency_code, in_region
from services.query import places, relative_dates
from services.query.errors import NoSuchChoice, NotAnIdInFilter, WrongOperand
from services.query.operators import OFFERED, Operator, Reading
from tenants.errors import Fault
from tenants.ids import record_id

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from schema.metadata.fields import Field

_PAIR = 2
_ME = "me"
_LONGEST = 2**63
_MOST_VALUES = 1000
_MOST_SIGNS = 2000
_MOST_DIGITS = 1000
_WILD = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def read_operand(  # noqa: PLR0913 - each of them is named
    raw: object,
    field: Field,
    *,
    family: Operators,
    operator: str,
    zone: ZoneInfo,
    now: datetime,
    is_kept: bool = False,
    phone_region: str = PHONE_REGION,
) -> tuple[object, ...]:
    """The parameters of an operator; `WrongOperand` if the value does not fit.

    A condition that is kept was checked when it was said; whoever reads by it later is not to be refused.
    """
    offered = OFFERED[family][operator]
    if not is_kept and field.type.has_choices and field.choices:
        _refuse_unknown_choices(raw, field)
    try:
        if offered.reading is Reading.DAYS:
            return _days(raw, operator, family=family, zone=zone, now=now)
        if offered.reading in _ON_EARTH:
            return _ON_EARTH[offered.reading](raw)
        return _values(raw, field, family, offered, phone_region)
    except (TypeError, ValueError, ArithmeticError, KeyError):
        raise WrongOperand(field=field.name, operator=operator) from None


def with_me(raw: object, family: Operators, me: UUID) -> object:
    """The operand of an id, where `"me"` is whoever asks: a filter that is kept so fits everybody."""
    if family is not Operators.ID:
        return raw
    if isinstance(raw, list | tuple):
        return [me if each == _ME else each for each in raw]
    return me if raw == _ME else raw


def _values(raw: object, field: Field, family: Operators, operator: Operator, phone_region: str) -> tuple[object, ...]:
    def one(value: object) -> object:
        return _normal(value, field, family, phone_region) if operator.normalises else _plain(value, field, family)

    match operator.reading:
        case Reading.ONE:
            return (one(raw),)
        case Reading.MANY:
            return ([one(each) for each in _items(raw, _MOST_VALUES)],)
        case Reading.PAIR:
            first, last = _items(raw, _PAIR)
            return one(first), one(last)
        case _:
            return (_pattern(str(_plain(raw, field, family)), operator.reading),)


def _refuse_unknown_choices(raw: object, field: Field) -> None:
    """What a choice can never be is a slip of the pen, not an empty answer. Retired choices are still found."""
    known = {each.key for each in field.choices}
    for each in raw if isinstance(raw, list | tuple) else (raw,):
        if isinstance(each, str) and each not in known and each.isprintable():
            raise NoSuchChoice(key=each[:LONGEST], field=field.name, **hints(each, known))


def _plain(raw: object, field: Field, family: Operators) -> object:
    # A name with a normal form of its own is kept as it was written, full-width signs and all.
    as_written = family is Operators.TEXT and field.option("normalForm") is not None
    return _text(raw, "NFC") if as_written else _READERS[family](raw)


def _normal(raw: object, field: Field, family: Operators, phone_region: str) -> object:
    plain = _plain(raw, field, family)
    if family is Operators.KEY and field.type.operators is Operators.MONEY:
        return currency_code(str(plain))
    if family is not Operators.TEXT:
        return plain
    try:
        normal = field.type.normalise(in_region(plain, field, phone_region), field)
    except Fault:
        return plain
    return plain if normal is None else normal


def _pattern(text: str, reading: Reading) -> str:
    before = "" if reading is Reading.PREFIX else "%"
    after = "" if reading is Reading.SUFFIX else "%"
    return f"{before}{text.translate(_WILD)}{after}"


def _days(raw: object, operator: str, *, family: Operators, zone: ZoneInfo, now: datetime) -> tuple[object, ...]:
    days = relative_dates.spoken(operator, raw, today=now.astimezone(zone).date())
    if days is None:
        raise ValueError(operator)
    if family is Operators.DATE:
        return days.first, days.end
    return relative_dates.midnight(days.first, zone), relative_dates.midnight(days.end, zone)


def _items(raw: object, most: int) -> list[object]:
    if not isinstance(raw, list | tuple) or len(raw) > most:
        raise ValueError(most)
    return list(raw)


def _text(raw: object, form: Form = "NFKC") -> str:
    if not isinstance(raw, str) or len(raw) > _MOST_SIGNS or "\0" in raw:
        raise ValueError(raw)
    # A lone surrogate has no UTF-8; encoding it raises the ValueError that names the operand.
    raw.encode()
    return normal(form, raw)


def _key(raw: object) -> str:
    if not isinstance(raw, str) or "\0" in raw:
        raise ValueError(raw)
    raw.encode()
    return raw


def _uuid(raw: object) -> UUID:
    found = raw if isinstance(raw, UUID) else record_id(raw)
    if found is None:
        raise NotAnIdInFilter
    return found


def _whole(raw: object) -> int:
    number = int(raw) if isinstance(raw, str) else raw
    if not isinstance(number, int) or isinstance(number, bool) or not -_LONGEST <= number < _LONGEST:
        raise ValueError(raw)
    return number


def _count(raw: object) -> int:
    number = _whole(raw)
    if number < 0:
        raise ValueError(raw)
    return number


def decimal_of(raw: object) -> Decimal:
    """An exact number of a size that the database can hold."""
    if isinstance(raw, bool) or not isinstance(raw, Decimal | int | str):
        raise TypeError(raw)
    try:
        number = Decimal(raw)
    except InvalidOperation:
        raise ValueError(raw) from None
    # PostgreSQL's numbers end far beyond this; a huge exponent is refused before it is written out.
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(raw)
    return number


def _boolean(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError(raw)
    return raw


def _date(raw: object) -> date:
    if isinstance(raw, str):
        return date.fromisoformat(raw)
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise TypeError(raw)
    return raw


def _moment(raw: object) -> datetime:
    moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise TypeError(raw)
    return moment


def _time(raw: object) -> time:
    found = read_time(raw) if isinstance(raw, str) else raw
    if not isinstance(found, time):
        raise TypeError(raw)
    return found


def seconds_of(raw: object) -> Decimal:
    """A length of time as it is stored."""
    found = durations.parse(raw) if isinstance(raw, str) else raw
    if not isinstance(found, timedelta):
        raise TypeError(raw)
    return durations.seconds(found)


_ON_EARTH: Mapping[Reading, Callable[[object], tuple[object, ...]]] = {
    Reading.CIRCLE: places.circle,
    Reading.BOX: places.box,
}
_READERS: Mapping[Operators, Callable[[object], object]] = {
    Operators.TEXT: _text,
    Operators.KEY: _key,
    Operators.ID: _uuid,
    Operators.INT: _whole,
    Operators.LONG: _whole,
    Operators.DECIMAL: decimal_of,
    Operators.MONEY: decimal_of,
    Operators.BOOLEAN: _boolean,
    Operators.DATE: _date,
    Operators.DATETIME: _moment,
    Operators.TIME: _time,
    Operators.DURATION: seconds_of,
    Operators.WORDS: _text,
    Operators.AREA: _text,
    Operators.LIST: _text,
    Operators.ID_LIST: _uuid,
    Operators.FILES: _count,
}
