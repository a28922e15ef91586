"""Whether two servers answered the same records: both answers in one form, and the first place where they differ.

Servers spell numbers, moments and money each in its own way, and cursors are nobody's business.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_CURSORS = frozenset({"cursor", "endCursor"})
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class OtherRecordsError(Exception):
    """Servers were to be compared that do not answer the same."""


def canonical(answer: Json) -> Json:
    """An answer without what each server spells in its own way."""
    match answer:
        case dict():
            money = {"amount", "amountCurrency"} <= answer.keys()
            given = {name: value for name, value in answer.items() if name not in _CURSORS}
            if money:
                given["amount"] = {"amount": answer["amount"], "currency": given.pop("amountCurrency")}
            return {name: canonical(value) for name, value in given.items()}
        case list():
            return [canonical(each) for each in answer]
        case str():
            return _text(answer)
        case _:
            return answer


def difference(one: Json, other: Json, at: str = "data") -> str | None:
    """The first place where two answers in one form differ, or nothing."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        places = ((one[name], other[name], f"{at}.{name}") for name in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        places = ((left, right, f"{at}[{number}]") for number, (left, right) in enumerate(zip(one, other, strict=True)))
    else:
        return None if one == other else f"{at}: {_short(one)} and {_short(other)}"
    return next((found for left, right, place in places if (found := difference(left, right, place))), None)


def _text(text: str) -> str:
    if _NUMBER.match(text):
        return f"{Decimal(text).normalize():f}"
    if _MOMENT.match(text):
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()
    return text


def _short(value: Json) -> str:
    match value:
        case dict():
            return f"an object of {', '.join(sorted(value))}"
        case list():
            return f"a list of {len(value)}"
        case _:
            return repr(value)
