"""The columns of a value: its parts, the key it sorts by, the form it is unique in, what is searched.

The write path keeps them, backfill jobs recompute them; nobody else writes or reads them but the compiler.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from schema.metadata import durations, rich_text, search_keys
from schema.metadata.addresses import Address
from schema.metadata.fields import Field
from schema.metadata.normal_text import normal
from schema.metadata.pinyin import syllables
from schema.metadata.places import Point
from schema.metadata.values import Money

NORMAL_FORMS = frozenset({"company"})
SORT_KEYS = frozenset({"pinyin"})
_LONGEST_KEY = 200
_SPACE = re.compile(r"\s+")
_NOT_IN_COMPANY = re.compile(r"[\s.,、。·'\"“”‘’《》<>-]+")


def columns(field: Field, stored: object) -> Mapping[str, object]:
    """The value of each column of the field, by part; the value itself stands under the empty part."""
    parts = {part: _part(part, field, stored) for part in field.parts}
    if field.type.lines is None or not field.is_searched:
        return parts
    searched = search_keys.search_text(field.type.lines, stored) if isinstance(stored, str) else None
    return {**parts, "search": searched, "grams": None if searched is None else search_keys.keys(searched)}


def sort_key(value: str) -> str:
    """Small letters, Chinese as toneless pinyin with a space between syllables; the same key for the same sound."""
    folded = normal("NFKC", value).casefold()
    return _SPACE.sub(" ", " ".join(each.strip() for each in syllables(folded[:_LONGEST_KEY])))[:_LONGEST_KEY].strip()


def normal_form(field: Field, value: str) -> str:
    """What uniqueness compares: folded text; a company besides without marks, and 有限责任公司 as 有限公司."""
    plain = _folded(value)
    if field.option("normalForm") == "company":
        # A name of nothing but marks keeps them, else all such names would be one.
        return _company(plain) or plain
    return plain


def _folded(value: str) -> str:
    # Folding may take characters apart that the normal form puts together, so it is made again.
    folded = normal("NFKC", normal("NFKC", value).casefold())
    return _SPACE.sub(" ", folded).strip()


def _company(plain: str) -> str:
    # Without the marks between them, characters may come together that fold once more.
    while (shorter := _folded(_NOT_IN_COMPANY.sub("", plain)).replace("有限责任公司", "有限公司")) != plain:
        plain = shorter
    return plain


# Values of several columns, or of one that is not kept as it is.
_APART: Mapping[type, Callable[[Any], Mapping[str, object]]] = {  # each is given a value of its type
    Money: lambda money: {"": money.amount, "currency": money.currency},
    timedelta: lambda length: {"": durations.seconds(length)},
    Point: lambda point: {"": point.latitude, "longitude": point.longitude},
    Address: lambda address: {
        "": address.code,
        "names": address.names,
        "street": address.street or None,
        "text": address.text,
    },
}


def _part(part: str, field: Field, stored: object) -> object:
    if type(stored) in _APART:
        return _APART[type(stored)](stored)[part]
    match part, stored:
        case "plain", str():
            return rich_text.plain(stored)
        case "sort", str():
            return sort_key(stored)
        case "norm", str():
            return normal_form(field, stored)
        case _:
            return stored
