"""Which field type may become which, and what becomes of a value: one table, a row for each type to begin with.

A conversion takes a stored value and answers the stored value of the new field, or raises an `Invalid` fault where the
value would lose something that it says. What the new field asks for (length, range, pattern) holds like for a value that
somebody writes. Pure: whoever converts hands over the tenant's zone, currency and language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from schema.metadata.errors import TooManyItems, UnknownChoice, WrongType
from schema.metadata.near_names import LONGEST
from schema.metadata.normal_text import normal
from schema.metadata.values import Money
from tenants.errors import Invalid

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from schema.metadata.definitions import ChoiceDefinition, FieldDefinition
    from schema.metadata.fields import Field

_WORDS_OF_TRUTH: Mapping[str, tuple[str, str]] = {"zh": ("是", "否"), "en": ("yes", "no")}
_TRUE = frozenset({"是", "对", "有", "真", "yes", "y", "true", "t", "1", "on", "√", "✓"})
_FALSE = frozenset({"否", "错", "无", "假", "no", "n", "false", "f", "0", "off", "×", "✗"})
_APART = re.compile(r"[,，、;；|\n]")
_EXPONENT = re.compile(r"[0-9.][eE_]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z")
_MONEY = re.compile(r"([A-Za-z]{3}|[¥￥$€£])?\s*([+-]?[\d.,]+)\s*([A-Za-z]{3}|元)?\Z")
_SIGNS: Mapping[str, str] = {"¥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\Z|(\d{4})(\d{2})(\d{2})\Z")
_JOINED = "、"


class OtherCurrency(Invalid):
    """The amount is in {currency}, and the new field would not say so."""

    code = "OTHER_CURRENCY"
    zh = "金额的币种为 {currency},新字段无法保留。"


class LinesWouldJoin(Invalid):
    """The text has several lines, and the new field has one."""

    code = "LINES_WOULD_JOIN"
    zh = "文本有多行,而新字段只有一行。"


@dataclass(frozen=True)
class Sides:
    """The field as it was and as it becomes, and what the tenant reads values by."""

    source: FieldDefinition
    target: FieldDefinition
    zone: ZoneInfo
    currency: str
    language: str

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The choices of the new field by their keys and words, folded; the words that come first count."""
        found: dict[str, str] = {}
        for each in self.target.choices:
            for word in (each.key, each.label.zh, each.label.en):
                if word:
                    found.setdefault(folded(word), each.key)
        return found

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What the choices of the old field are called."""
        return {each.key: each.label.text(self.language, each.key) for each in self.source.choices}

    @property
    def field(self) -> Field:
        """The shape of the new field."""
        return self.target.field


Convert: TypeAlias = "Callable[[object, Sides], object]"


def convert(stored: object, sides: Sides) -> object:
    """The value of the new field; nothing stays nothing."""
    if stored is None:
        return None
    source, target = sides.source.field.type_name, sides.field.type_name
    way = _SAME.get(source, _written) if source == target else _MATRIX.get(source, {}).get(target)
    if way is None:
        # Values written since a change have no way back to every type.
        raise WrongType(type=sides.field.type_name)
    return way(stored, sides)


def offered(type_name: str) -> tuple[str, ...]:
    """What a field of this type may become."""
    ways = _MATRIX.get(type_name, {})
    return tuple(name for name in ways if name != type_name and (type_name, name) not in _BACK_ONLY)


def words_of(stored: object, sides: Sides) -> tuple[str, ...]:
    """The words that a value becomes choices by."""
    if sides.source.field.type_name == "text" and sides.field.type_name == "choice":
        return (str(stored),)
    return tuple(_words(stored, sides))


def folded(word: str) -> str:
    """What two spellings of one choice have in common: neither case nor width nor spaces around."""
    return normal("NFKC", normal("NFKC", word).casefold()).strip()


def choices_by_word(choices: tuple[ChoiceDefinition, ...]) -> frozenset[str]:
    """The folded keys and words of choices."""
    return frozenset(folded(word) for each in choices for word in (each.key, each.label.zh, each.label.en) if word)


# --- one conversion each ----------------------------------------------------------------------------------------------


def _written(stored: object, sides: Sides) -> object:
    """As if somebody wrote the value into the new field."""
    return sides.field.type.normalise(stored, sides.field)


def _line(stored: object, sides: Sides) -> object:
    if "\n" in str(stored).strip():
        raise LinesWouldJoin
    return _written(stored, sides)


def _spelled(stored: object, sides: Sides) -> object:
    return _written(_JOINED.join(_words(stored, sides)), sides)


def _number(stored: object, sides: Sides) -> object:
    return _written(_plain_number(str(stored), sides), sides)


def _percent(stored: object, sides: Sides) -> object:
    return _written(_plain_number(normal("NFKC", str(stored)).strip().removesuffix("%"), sides), sides)


def _money(stored: object, sides: Sides) -> object:
    if isinstance(stored, int | Decimal):
        return _written({"amount": stored, "currency": sides.currency}, sides)
    found = _MONEY.match(normal("NFKC", str(stored)).strip())
    if found is None:
        raise WrongType(type="currency")
    sign, amount, ending = found.groups()
    if sign and ending:
        raise WrongType(type="currency")
    code = sign or ending or sides.currency
    return _written({"amount": _plain_number(amount, sides), "currency": _SIGNS.get(code, code)}, sides)


def _amount(stored: object, sides: Sides) -> object:
    assert isinstance(stored, Money)
    if stored.currency != sides.currency:
        raise OtherCurrency(currency=stored.currency)
    return _written(stored.amount, sides)


def _truth(stored: object, sides: Sides) -> object:
    word = folded(str(stored))
    if word not in _TRUE | _FALSE:
        raise WrongType(type="boolean")
    return _written(word in _TRUE, sides)


def _day(stored: object, sides: Sides) -> object:
    if isinstance(stored, datetime):
        return _written(stored.astimezone(sides.zone).date(), sides)
    return _written(_day_of(str(stored), "date"), sides)


def _moment(stored: object, sides: Sides) -> object:
    if isinstance(stored, date):
        return _written(_midnight(stored, sides), sides)
    text = normal("NFKC", str(stored)).strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _written(_midnight(_day_of(text, "dateTime"), sides), sides)
    # Without an offset it is what the clock on the wall of the tenant said.
    return _written(found if found.tzinfo is not None else found.replace(tzinfo=sides.zone), sides)


def _chosen(stored: object, sides: Sides) -> object:
    (word,) = words_of(stored, sides)
    return _key(word, sides)


def _several(stored: object, sides: Sides) -> object:
    given = {_key(word, sides) for word in _words(stored, sides)}
    return [each.key for each in sides.target.choices if each.key in given] or None


def _key(word: str, sides: Sides) -> str:
    found = sides.keys.get(folded(word))
    if found is None:
        raise UnknownChoice(key=word[:LONGEST])
    return found


def _same_key(stored: object, _: Sides) -> object:
    # A choice that is offered no longer stays readable.
    return [stored]


def _same(stored: object, _: Sides) -> object:
    return stored


def _only_key(stored: object, _: Sides) -> object:
    assert isinstance(stored, list | tuple)
    if len(stored) != 1:
        raise TooManyItems(max=1, count=len(stored))
    return stored[0]


def _apart(stored: object, sides: Sides) -> object:
    return _written(list(_words(stored, sides)), sides)


def _words(stored: object, sides: Sides) -> list[str]:  # noqa: PLR0911 - one return for each kind of value
    labels = sides.labels
    match stored:
        case bool():
            yes, no = _WORDS_OF_TRUTH.get(sides.language, _WORDS_OF_TRUTH["zh"])
            return [yes if stored else no]
        case list() | tuple():
            return [labels.get(str(each), str(each)) for each in stored]
        case Money():
            return [f"{stored.amount:f} {stored.currency}"]
        case Decimal():
            return [f"{stored:f}"]
        case datetime():
            return [stored.astimezone(sides.zone).isoformat()]
        case date():
            return [stored.isoformat()]
        case _ if sides.source.field.type.has_choices:
            return [labels.get(str(stored), str(stored))]
        case str() if sides.field.type_name in _LISTS:
            return [word.strip() for word in _APART.split(stored) if word.strip()]
        case _:
            return [str(stored)]


def _plain_number(text: str, sides: Sides) -> str:
    plain = normal("NFKC", text).strip()
    if _EXPONENT.search(plain):
        # What nobody may write is no number here either.
        raise WrongType(type=sides.field.type_name)
    return plain.replace(",", "") if _GROUPED.match(plain) else plain


def _day_of(text: str, type_name: str) -> date:
    found = _DAY.match(normal("NFKC", text).strip())
    if found is None:
        raise WrongType(type=type_name)
    year, month, day = (int(each) for each in found.groups() if each is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise WrongType(type=type_name) from None


def _midnight(day: date, sides: Sides) -> datetime:
    try:
        return datetime.combine(day, time(), sides.zone).astimezone(UTC)
    except OverflowError:
        raise WrongType(type="dateTime") from None


# --- the table --------------------------------------------------------------------------------------------------------

_LISTS = frozenset({"tags", "multiChoice"})
_TEXTS: Mapping[str, Convert] = {"text": _spelled, "longText": _spelled}
_NUMBERS: Mapping[str, Convert] = {"integer": _written, "decimal": _written, "percent": _written, "rating": _written}
_CODES: Mapping[str, Convert] = {"text": _written, "longText": _written}
_FROM_TEXT: Mapping[str, Convert] = {
    "choice": _chosen, "multiChoice": _several, "tags": _apart,
    "integer": _number, "decimal": _number, "percent": _percent, "currency": _money, "rating": _number,
    "boolean": _truth, "date": _day, "dateTime": _moment,
    "phone": _written, "email": _written, "url": _written, "creditCode": _written, "barcode": _written,
}  # fmt: skip
_MATRIX: Mapping[str, Mapping[str, Convert]] = {
    "text": {"longText": _written, **_FROM_TEXT},
    "longText": {"text": _line, **_FROM_TEXT},
    "integer": {**_TEXTS, **_NUMBERS, "currency": _money, "choice": _chosen},
    "decimal": {**_TEXTS, **_NUMBERS, "currency": _money},
    "percent": {**_TEXTS, **_NUMBERS},
    "rating": {**_TEXTS, **_NUMBERS, "choice": _chosen},
    "currency": {**_TEXTS, "decimal": _amount, "integer": _amount},
    "boolean": {**_TEXTS, "choice": _chosen},
    "date": {**_TEXTS, "dateTime": _moment},
    "dateTime": {**_TEXTS, "date": _day},
    "choice": {**_TEXTS, "multiChoice": _same_key, "tags": _apart},
    "multiChoice": {**_TEXTS, "choice": _only_key, "tags": _apart},
    "tags": {**_TEXTS, "multiChoice": _several},
    "url": _CODES,
    "creditCode": _CODES,
    "barcode": _CODES,
    "phone": _CODES,
    "email": _CODES,
}
# What a field was before, it may become again with other types in between.
_SAME: Mapping[str, Convert] = {"choice": _same, "multiChoice": _same, "currency": _same}
# Telephone numbers and mail addresses stand in a field group of their own: as a text they would be open to every token
# that reads the object. What was a text before may become one again.
_BACK_ONLY = frozenset({("phone", "text"), ("phone", "longText"), ("email", "text"), ("email", "longText")})
