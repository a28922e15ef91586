"""Values of every type that somebody enters: as they are written, and as they are read then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from schema.metadata.types import FIELD_TYPES
from tests.builders.field_cases import ALICE, BOB, CASES, ENTERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.journeys.at_random.things import FieldModel

Pair: TypeAlias = "tuple[Any, Any]"  # Any: JSON
# A relation asks for a target, and has a rule of its own.
PLAIN = tuple(each for each in ENTERED if each != "relation")
CHOOSING = tuple(each for each in PLAIN if FIELD_TYPES[each].has_choices)
KEYS = ("a", "b", "c")
# What becomes something of another type.
_MORE: Mapping[str, Sequence[Pair]] = {
    "text": [(each, each) for each in ("5", "70", "甲", "2026-03-01", "138 0013 8000", "a, b", "yes", "¥ 1,200")],
    "longText": [(each, each) for each in ("5", "甲\n乙", "12.5")],
    "integer": [("5", "5"), ("0", "0"), ("123456789012", "123456789012")],
    "decimal": [("5", "5"), ("3.25", "3.25")],
    "percent": [("0.5", "0.5")],
    "currency": [({"amount": "7"}, {"amount": "7", "currency": "CNY"}), ({"amount": "7", "currency": "USD"},) * 2],
    "rating": [(3, 3)],
    "tags": [(["5"], ["5"]), (["甲", "b"], ["甲", "b"])],
    "date": [("2024-02-29", "2024-02-29")],
}


def pairs(each: FieldModel, ids: Sequence[str]) -> Sequence[Pair]:
    """What may be written into a field now; `ids` are those of whoever it may point at."""
    if each.type_name == "choice":
        return [(key, key) for key in each.offered]
    if each.type_name == "multiChoice":
        offered = each.offered
        return [(list(reversed(part)), part) for part in (offered[:1], offered[1:], offered) if part]
    if each.type_name == "relation":
        return [(key, key) for key in ids]
    case = CASES[each.type_name]
    known = [(case.low, case.read(low=True)), (case.high, case.read(low=False))]
    return [(_filled(written, ids), _filled(read, ids)) for written, read in known] + list(
        _MORE.get(each.type_name, ())
    )


def _filled(value: Any, ids: Sequence[str]) -> Any:
    text = json.dumps(value)
    for placeholder, link in zip((ALICE, BOB), ids, strict=False):
        text = text.replace(placeholder, link)
    return json.loads(text)
