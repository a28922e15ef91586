"""The options of a field, checked by its type: lengths, ranges, scale, pattern, number format, default.

Answers the canonical form that `Field.options` holds: sorted by key, exact numbers as text, so that equal shapes are
equal values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING

from schema.metadata import codes, durations, files, numbering, patterns
from schema.metadata.companions import NORMAL_FORMS, SORT_KEYS
from schema.metadata.errors import BadOption, UnknownOption
from schema.metadata.fields import Field, OptionValue
from schema.metadata.types import ROLLED_UP
from schema.metadata.values import LONG_TEXT_LENGTH
from tenants.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime

LARGEST_SCALE = 10
MOST_STARS = 10
# Of what GraphQL can say as an `Int`.
LARGEST_FILE = 2**31 - 1
_MOST_DIGITS = 40
LARGEST_LENGTH = {
    "text": 2_000,
    "longText": LONG_TEXT_LENGTH * 5,
    "richText": LONG_TEXT_LENGTH * 5,
    "encryptedText": 2_000,
}
# PostgreSQL keeps 2,704 bytes of an index together.
_LONGEST_INDEXED = 500
_MOMENTS = frozenset({"date", "dateTime"})
_TIMES = _MOMENTS | {"time", "duration"}
DEFAULT = "default"
# The default of a date or a moment that is not the same for every record: when it is made.
NOW = "now"


def checked(field: Field, options: Mapping[str, object]) -> Field:
    """The field with these options instead of its own; an empty option is none."""
    given = {key: value for key, value in options.items() if value is not None}
    for key in given:
        if key not in field.type.options:
            raise UnknownOption(type=field.type_name, option=key)
    found = {key: _CHECKS[key](field, value) for key, value in given.items() if key != "default"}
    plain: dict[str, OptionValue] = {key: value for key, value in found.items() if value is not None}
    bare = replace(field, options=tuple(sorted(plain.items())))
    if not _is_ordered(field, plain.get("minLength"), plain.get("maxLength")):
        raise _bad("minLength", "it is more than maxLength", "大于 maxLength")
    if not _is_ordered(field, plain.get("min"), plain.get("max")):
        raise _bad("min", "it is more than max", "大于 max")
    longest = plain.get("maxLength")
    if (field.is_unique or field.is_indexed) and isinstance(longest, int) and longest > _LONGEST_INDEXED:
        most = _LONGEST_INDEXED
        raise _bad(
            "maxLength",
            f"an indexed or unique text has at most {most} characters",
            f"建索引或唯一的文本最多 {most} 个字符",
        )
    if "default" in given:
        plain["default"] = _default(bare, given["default"])
    return replace(bare, options=tuple(sorted(plain.items())))


def default_of(field: Field, *, now: datetime, currency: str) -> object:
    """The value of a record that says nothing; None without a default. `now` stands in the zone whose days count."""
    default = field.option("default")
    if default is None or field.type.computed:
        return None
    raw: object = list(default) if isinstance(default, tuple) else default
    if field.type.has_choices:
        # What is offered no longer is no default: nobody who creates a record could do anything about it.
        given = raw if isinstance(raw, list) else [raw]
        kept = [key for key in given if key in field.offered_keys]
        raw = (kept if isinstance(raw, list) else kept[0]) if kept else None
    elif field.type_name == "currency":
        # A default of money is its amount; the currency is the tenant's.
        raw = {"amount": default, "currency": currency}
    elif default == NOW and field.type_name in _MOMENTS:
        raw = now.date() if field.type_name == "date" else now
    return field.type.normalise(raw, field)


def _length(field: Field, value: object, *, option: str) -> OptionValue:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_LENGTH[field.type_name]:
        most = LARGEST_LENGTH[field.type_name]
        raise _bad(option, f"a whole number from 0 to {most} is expected", f"须为 0 到 {most} 的整数")
    return value


def _bound(field: Field, value: object, *, option: str) -> OptionValue:
    if field.type_name in _TIMES:
        return _time_text(_normal(field, value, option))
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _bad(option, "a number is expected", "须为数字") from None
    # Written out, a number with a huge exponent would fill the memory.
    if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise _bad(
            option, f"a number of at most {_MOST_DIGITS} digits is expected", f"须为不超过 {_MOST_DIGITS} 位的数字"
        )
    return f"{number.normalize():f}"


def _scale(_: Field, value: object) -> OptionValue:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SCALE:
        raise _bad(
            "scale", f"a whole number from 0 to {LARGEST_SCALE} is expected", f"须为 0 到 {LARGEST_SCALE} 的整数"
        )
    return value


def _pattern(_: Field, value: object) -> OptionValue:
    if not isinstance(value, str) or not patterns.is_pattern(value):
        raise _bad(
            "pattern",
            "it is no pattern of characters, classes and single repetitions",
            "不是由字符、字符类和单层重复组成的模式",
        )
    return value


def _format(_: Field, value: object) -> OptionValue:
    if not isinstance(value, str) or numbering.parse(value) is None:
        raise _bad(
            "format",
            "one counter like {0000} is expected in it, beside text and {yyyy}, {yy}, {MM}, {dd}",
            "须含一个如 {0000} 的计数,另可有文字和 {yyyy}、{yy}、{MM}、{dd}",
        )
    return value


def _stars(_: Field, value: object) -> OptionValue:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_STARS:
        raise _bad("stars", f"a whole number from 1 to {MOST_STARS} is expected", f"须为 1 到 {MOST_STARS} 的整数")
    return value


def _symbology(_: Field, value: object) -> OptionValue:
    if value not in codes.SYMBOLOGIES:
        known = ", ".join(codes.SYMBOLOGIES)
        raise _bad("symbology", f"there are {known}", f"可用:{known}")
    return str(value)


def _sort_key(_: Field, value: object) -> OptionValue:
    if value not in SORT_KEYS:
        raise _bad("sortKey", f"there are {', '.join(SORT_KEYS)}", f"可用:{', '.join(SORT_KEYS)}")
    return str(value)


def _normal_form(_: Field, value: object) -> OptionValue:
    if value not in NORMAL_FORMS:
        raise _bad("normalForm", f"there are {', '.join(NORMAL_FORMS)}", f"可用:{', '.join(NORMAL_FORMS)}")
    return str(value)


def _max_files(_: Field, value: object) -> OptionValue:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= files.MOST_FILES:
        most = files.MOST_FILES
        raise _bad("maxFiles", f"a whole number from 1 to {most} is expected", f"须为 1 到 {most} 的整数")
    return value


def _max_bytes(_: Field, value: object) -> OptionValue:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST_FILE:
        raise _bad(
            "maxBytes", f"a whole number from 1 to {LARGEST_FILE} is expected", f"须为 1 到 {LARGEST_FILE} 的整数"
        )
    return value


def _media_types(field: Field, value: object) -> OptionValue:
    offered = files.offered(field)
    if not isinstance(value, list | tuple) or not value or not set(value) <= set(offered):
        raise _bad("mediaTypes", f"there are {', '.join(offered)}", f"可用:{', '.join(offered)}")
    return tuple(each for each in offered if each in value)


def _result(field: Field, value: object) -> OptionValue:
    if value not in field.type.results:
        known = ", ".join(field.type.results)
        raise _bad("result", f"there are {known}", f"可用:{known}")
    return str(value)


def _function(_: Field, value: object) -> OptionValue:
    if value not in ROLLED_UP:
        known = ", ".join(ROLLED_UP)
        raise _bad("function", f"there are {known}", f"可用:{known}")
    return str(value)


def _words(_: Field, value: object) -> OptionValue:
    # What an expression or a name means is checked against all objects, when a derived field is settled.
    return str(value).strip() or None


def _settled(_: Field, value: object) -> OptionValue:
    # Worked out by the platform; no input names it.
    return tuple(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _search(_: Field, value: object) -> OptionValue:
    if not isinstance(value, bool):
        raise _bad("search", "true or false is expected", "须为 true 或 false")
    # A field that is not searched is one that never was.
    return value or None


def _dictionary(_: Field, value: object) -> OptionValue:
    if not isinstance(value, str) or not value:
        raise _bad("dictionary", "the name of a dictionary is expected", "须为字典的名称")
    return value


def _default(field: Field, value: object) -> OptionValue:
    if field.type_name in _MOMENTS and value == NOW:
        return NOW
    stored = _normal(field, _from_text(field, value), "default")
    if isinstance(stored, list):
        return tuple(stored)
    if stored is None or isinstance(stored, str | bool | int):
        return stored
    if isinstance(stored, Decimal):
        return f"{stored:f}"
    if field.type_name in _TIMES:
        return _time_text(stored)
    # Money: the amount; its currency is the tenant's.
    return f"{getattr(stored, 'amount', stored):f}"


def _from_text(field: Field, value: object) -> object:
    # The API takes every default as text.
    if field.type_name == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    if field.type_name == "multiChoice" and isinstance(value, str):
        return keys_of(value)
    return value


def keys_of(text: str) -> list[str]:
    """The choices of a default that names several."""
    return [key.strip() for key in text.split(",")]


def _normal(field: Field, value: object, option: str) -> object:
    raw = {"amount": value} if field.type_name == "currency" and not isinstance(value, Mapping) else value
    try:
        return field.type.normalise(raw, field)
    except Invalid as fault:
        raise _bad(option, fault.message("en").rstrip("."), fault.message("zh").rstrip("。")) from None


def _bad(option: str, why: str, why_zh: str) -> BadOption:
    return BadOption(option=option, why=why, why_zh=why_zh)


def _time_text(stored: object) -> str | None:
    match stored:
        case timedelta():
            return durations.written(stored)
        case date() | time():
            return stored.isoformat()
        case _:
            return None


def _is_ordered(field: Field, least: OptionValue, most: OptionValue) -> bool:
    if least is None or most is None:
        return True
    if field.type_name == "duration":
        first, last = durations.parse(str(least)), durations.parse(str(most))
        return first is not None and last is not None and first <= last
    try:
        return Decimal(str(least)) <= Decimal(str(most))
    except InvalidOperation:
        return str(least) <= str(most)


_CHECKS: Mapping[str, Callable[[Field, object], OptionValue]] = {
    "minLength": partial(_length, option="minLength"),
    "maxLength": partial(_length, option="maxLength"),
    "min": partial(_bound, option="min"),
    "max": partial(_bound, option="max"),
    "scale": _scale,
    "pattern": _pattern,
    "format": _format,
    "sortKey": _sort_key,
    "normalForm": _normal_form,
    "search": _search,
    "stars": _stars,
    "symbology": _symbology,
    "result": _result,
    "expression": _words,
    "relation": _words,
    "function": _function,
    "field": _words,
    "filter": _words,
    "tree": _settled,
    "reads": _settled,
    "dictionary": _dictionary,
    "maxFiles": _max_files,
    "maxBytes": _max_bytes,
    "mediaTypes": _media_types,
}
