"""Raw inputs of JSON fields: any value of JSON that PostgreSQL keeps as it was given. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from schema.metadata.errors import BadCharacters, JsonTooDeep, TooLong, WrongType
from schema.metadata.values import is_storable

if TYPE_CHECKING:
    from schema.metadata.fields import Field

DEEPEST = 16
LARGEST = 64_000
# A number is kept with all of its digits, and written out with them.
_MOST_DIGITS = 40


def json_value(raw: object, _: Field) -> object:
    """A value of JSON; nothing of null."""
    if raw is None:
        return None
    plain = _plain(raw, DEEPEST)
    length = len(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
    if length > LARGEST:
        raise TooLong(max=LARGEST, length=length)
    return plain


def _plain(raw: object, depth: int) -> object:
    match raw:
        case None | bool():
            return raw
        case str():
            return _text(raw)
        case int():
            if abs(raw) >= 10**_MOST_DIGITS:
                raise WrongType(type="json")
            return raw
        case float() | Decimal():
            return _number(raw)
        case list() | tuple() | Mapping() if depth == 0:
            raise JsonTooDeep(max=DEEPEST)
        case list() | tuple():
            return [_plain(each, depth - 1) for each in raw]
        case Mapping():
            return {_text(name): _plain(each, depth - 1) for name, each in raw.items()}
        case _:
            raise WrongType(type="json")


def _number(raw: float | Decimal) -> float:
    if not math.isfinite(raw) or (raw and abs(Decimal(raw).adjusted()) > _MOST_DIGITS):
        raise WrongType(type="json")
    return float(raw)


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise WrongType(type="json")
    if not is_storable(raw):
        raise BadCharacters
    return raw
