"""Raw inputs become stored values: one pure function for each kind of value, named by the table of field types.

A function takes a raw input of the API and the field; it answers the stored value, or raises a documented fault. `None`
stays `None`, and a text that is empty after trimming is `None`: whether a value is required is a rule of the write path.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from functools import wraps
from typing import TYPE_CHECKING, Literal, TypeAlias
from unicodedata import category
from uuid import UUID

from schema.metadata import codes, contacts, patterns
from schema.metadata.currencies import CURRENCIES
from schema.metadata.errors import (
    BadCharacters,
    NotAnId,
    OutOfRange,
    PatternMismatch,
    ReadOnly,
    TooLong,
    TooManyItems,
    TooPrecise,
    TooShort,
    UnknownChoice,
    UnknownCurrency,
    WrongType,
)
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.normal_text import normal
from tenants import ids

if TYPE_CHECKING:
    from schema.metadata.fields import Field

TEXT_LENGTH = 255
LONG_TEXT_LENGTH = 20_000
TAG_LENGTH = 50
MOST_ITEMS = 100
STARS = 5
LONGEST_INTEGER = 2**63 - 1
# Unicode's category Cc, in one look at the whole text.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
# Controls, marks of format, and every kind of space.
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_MONEY_SCALE = 4
_MONEY_DIGITS = 16
_PERCENT_DIGITS = 5
_DECIMAL_SCALE = 10
_DECIMAL_DIGITS = 20
DEFAULT_CURRENCY = "CNY"
# More digits than any type holds: the default of 28 would round some silently and fail on others.
_ARITHMETIC = Context(prec=50)

Normaliser: TypeAlias = "Callable[[object, Field], object]"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency of ISO 4217."""

    amount: Decimal
    currency: str


def _empty_stays_empty(normalise: Normaliser) -> Normaliser:
    @wraps(normalise)
    def wrapped(raw: object, field: Field) -> object:
        return None if raw is None else normalise(raw, field)

    return wrapped


# --- text -------------------------------------------------------------------------------------------------------------


@_empty_stays_empty
def text(raw: object, field: Field) -> object:
    """One line: NFKC, control characters become spaces, trimmed. A name with a normal form stays as written."""
    form: Literal["NFC", "NFKC"] = "NFC" if field.option("normalForm") is not None else "NFKC"
    whole = storable(raw, "text")
    line = _CONTROLS.sub(" ", whole)
    return _checked(normal(form, line).strip(), field, TEXT_LENGTH)


@_empty_stays_empty
def long_text(raw: object, field: Field) -> object:
    """Many lines: NFKC, line ends become line feeds, trimmed."""
    whole = storable(raw, "longText").replace("\r\n", "\n").replace("\r", "\n")
    return _checked(normal("NFKC", whole).strip(), field, LONG_TEXT_LENGTH)


@_empty_stays_empty
def phone(raw: object, _: Field) -> object:
    """E.164, read as a Chinese number where no country is given (see `in_region`)."""
    return _read(raw, "phone", contacts.phone)


def in_region(raw: object, field: Field, region: str) -> object:
    """A telephone number as one of the tenant's region where it names no country; any other input as it is."""
    if raw is None or field.type_name != "phone" or region == contacts.PHONE_REGION:
        return raw
    return _read(raw, "phone", lambda plain: contacts.phone(plain, region))


@_empty_stays_empty
def email(raw: object, _: Field) -> object:
    """Lower case."""
    return _read(raw, "email", contacts.email)


@_empty_stays_empty
def url(raw: object, _: Field) -> object:
    """An address of the web; without a scheme https is meant."""
    return _read(raw, "url", contacts.url)


@_empty_stays_empty
def credit_code(raw: object, _: Field) -> object:
    """A unified social credit code in capitals."""
    return _read(raw, "creditCode", codes.credit_code)


@_empty_stays_empty
def barcode(raw: object, field: Field) -> object:
    """What a scanner reads."""
    return _read(raw, "barcode", lambda plain: codes.barcode(plain, str(field.option("symbology") or "")))


def _read(raw: object, type_name: str, written: Callable[[str], str]) -> str | None:
    plain = normal("NFKC", storable(raw, type_name)).strip()
    return written(plain) if plain else None


def is_blank(value: str) -> bool:
    """Whether nobody sees anything of it: it is empty, or holds only characters without a form of their own (U+200B, U+FEFF)."""
    # Almost every text begins with something that is seen.
    return not value or (not value[0].isprintable() and all(category(each) in _INVISIBLE for each in value))


def storable(raw: object, type_name: str) -> str:
    """A text that PostgreSQL takes."""
    if not isinstance(raw, str):
        raise WrongType(type=type_name)
    if not is_storable(raw):
        raise BadCharacters
    return raw


def is_storable(text: str) -> bool:
    """Whether PostgreSQL takes it: no NUL, no half of a pair of UTF-16."""
    return not _NOT_STORABLE.search(text)


def _checked(value: str, field: Field, most: int) -> str | None:
    if is_blank(value):
        return None
    longest, shortest = field.option("maxLength"), field.option("minLength")
    most = longest if isinstance(longest, int) else most
    if len(value) > most:
        raise TooLong(max=most, length=len(value))
    if isinstance(shortest, int) and len(value) < shortest:
        raise TooShort(min=shortest, length=len(value))
    pattern = field.option("pattern")
    if isinstance(pattern, str) and not patterns.matches(pattern, value):
        raise PatternMismatch(pattern=pattern)
    return value


# --- numbers ----------------------------------------------------------------------------------------------------------


@_empty_stays_empty
def integer(raw: object, field: Field) -> object:
    """A whole number of 64 bits."""
    whole = number(raw, "integer")
    if whole != whole.to_integral_value():
        raise WrongType(type="integer")
    if not -LONGEST_INTEGER <= whole <= LONGEST_INTEGER:
        raise OutOfRange(min=-LONGEST_INTEGER, max=LONGEST_INTEGER)
    return int(_within(whole, field))


@_empty_stays_empty
def rating(raw: object, field: Field) -> object:
    """Whole stars, from one to as many as the field has."""
    stars = number(raw, "rating")
    most = int(str(field.option("stars") or STARS))
    if stars != stars.to_integral_value():
        raise WrongType(type="rating")
    if not 1 <= stars <= most:
        raise OutOfRange(min=1, max=most)
    return int(stars)


@_empty_stays_empty
def decimal(raw: object, field: Field) -> object:
    """An exact number; at most as many decimal places as the field's scale."""
    scale = field.option("scale")
    return _exact(number(raw, "decimal"), field, scale if isinstance(scale, int) else _DECIMAL_SCALE, _DECIMAL_DIGITS)


@_empty_stays_empty
def percent(raw: object, field: Field) -> object:
    """Percentage points: 12.5 is 12.5 %."""
    return _exact(number(raw, "percent"), field, _MONEY_SCALE, _PERCENT_DIGITS)


@_empty_stays_empty
def money(raw: object, field: Field) -> object:
    """`{amount, currency}`; the write path fills in the tenant's currency where none is given."""
    if isinstance(raw, Money):
        amount, currency = raw.amount, raw.currency
    elif isinstance(raw, Mapping):
        amount, currency = number(raw.get("amount"), "currency"), raw.get("currency") or DEFAULT_CURRENCY
    else:
        raise WrongType(type="currency")
    code = currency_code(str(currency))
    if code not in CURRENCIES:
        raise UnknownCurrency(currency=code[:10])
    return Money(_exact(amount, field, _MONEY_SCALE, _MONEY_DIGITS), code)


def currency_code(raw: str) -> str:
    """A code of a currency as it is stored, whether there is such a currency or not."""
    return raw.strip().upper()


def number(raw: object, type_name: str) -> Decimal:
    """A finite number, from a text too."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise WrongType(type=type_name)
    try:
        found = Decimal(normal("NFKC", str(raw)).strip())
    except InvalidOperation:
        raise WrongType(type=type_name) from None
    if not found.is_finite():
        raise WrongType(type=type_name)
    return found


def _exact(number: Decimal, field: Field, scale: int, digits: int) -> Decimal:
    limit = Decimal(10) ** digits
    if not -limit < number < limit:
        raise OutOfRange(min=f"-{limit}", max=str(limit))
    if number != (rounded := number.quantize(Decimal(1).scaleb(-scale), context=_ARITHMETIC)):
        raise TooPrecise(scale=scale)
    # Adding nothing takes the sign from a zero.
    return _within(_ARITHMETIC.add(_ARITHMETIC.normalize(rounded), 0), field)


def _within(number: Decimal, field: Field) -> Decimal:
    least, most = field.option("min"), field.option("max")
    if (least is not None and number < Decimal(str(least))) or (most is not None and number > Decimal(str(most))):
        raise OutOfRange(min=_bound(least), max=_bound(most))
    return number


def _bound(limit: object) -> str:
    return "…" if limit is None else str(limit)


# --- truth and time ---------------------------------------------------------------------------------------------------


@_empty_stays_empty
def boolean(raw: object, _: Field) -> object:
    """True or false, nothing that merely looks like it."""
    if not isinstance(raw, bool):
        raise WrongType(type="boolean")
    return raw


@_empty_stays_empty
def date(raw: object, field: Field) -> object:
    """A day: `2026-03-01`."""
    if isinstance(raw, str):
        try:
            raw = dt.date.fromisoformat(raw.strip())
        except ValueError:
            raise WrongType(type="date") from None
    if not isinstance(raw, dt.date) or isinstance(raw, datetime):
        raise WrongType(type="date")
    _in_time(raw.isoformat(), field)
    return raw


@_empty_stays_empty
def date_time(raw: object, field: Field) -> object:
    """A moment with its offset, kept in UTC."""
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw.strip())
        except ValueError:
            raise WrongType(type="dateTime") from None
    if not isinstance(raw, datetime) or raw.tzinfo is None:
        raise WrongType(type="dateTime")
    try:
        moment = raw.astimezone(UTC)
    except OverflowError:
        raise WrongType(type="dateTime") from None
    _in_time(moment.isoformat(), field)
    return moment


def _in_time(value: str, field: Field) -> None:
    # ISO 8601 texts of one zone compare like the moments that they name.
    least, most = field.option("min"), field.option("max")
    if (isinstance(least, str) and value < least) or (isinstance(most, str) and value > most):
        raise OutOfRange(min=_bound(least), max=_bound(most))


# --- choices, tags, records -------------------------------------------------------------------------------------------


@_empty_stays_empty
def choice(raw: object, field: Field) -> object:
    """The key of a choice that is still offered."""
    key = storable(raw, "choice").strip()
    if not key:
        return None
    if all(each.key != key or each.retired for each in field.choices):
        raise UnknownChoice(key=key[:LONGEST], **hints(key, field.offered_keys))
    return key


@_empty_stays_empty
def multi_choice(raw: object, field: Field) -> object:
    """Keys of choices, each once, in the order of the definition; none is empty."""
    given = {choice(each, field) for each in _items(raw, "multiChoice")}
    return [each.key for each in field.choices if each.key in given] or None


@_empty_stays_empty
def tags(raw: object, _: Field) -> object:
    """Free words, each once, in the order given; none is empty."""
    words = [normal("NFKC", storable(each, "tags")).strip() for each in _items(raw, "tags")]
    longest = max(map(len, words), default=0)
    if longest > TAG_LENGTH:
        raise TooLong(max=TAG_LENGTH, length=longest)
    return list(dict.fromkeys(filter(None, words))) or None


@_empty_stays_empty
def record_id(raw: object, _: Field) -> object:
    """The id of a record; whether it is there is a rule of the write path."""
    found = raw if isinstance(raw, UUID) else ids.record_id(raw)
    if found is None:
        raise NotAnId
    return found


@_empty_stays_empty
def record_ids(raw: object, field: Field) -> object:
    """Ids of records, each once, in the order given; none is empty."""
    given = (record_id(each, field) for each in _items(raw, field.type_name))
    return list(dict.fromkeys(each for each in given if each is not None)) or None


def refuse(_: object, __: Field) -> object:
    """Types that only the platform writes."""
    raise ReadOnly


def _items(raw: object, type_name: str) -> list[object]:
    if not isinstance(raw, list | tuple):
        raise WrongType(type=type_name)
    if len(raw) > MOST_ITEMS:
        raise TooManyItems(max=MOST_ITEMS, count=len(raw))
    return list(raw)
