"""Words for days, counted the slow way, so that nothing is shared with the compiler's arithmetic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tests.services.query.world import NOW, ZONE

UNITS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
NAMED = {"today": ("DAY", 0), "yesterday": ("DAY", -1), "tomorrow": ("DAY", 1)} | {
    f"{word}{unit.capitalize()}": (unit, offset)
    for unit in UNITS[1:] for word, offset in (("last", -1), ("this", 0), ("next", 1))
}  # fmt: skip
_COUNTED = re.compile(r"(last|next)N([A-Z][a-z]+)s\Z")


def within(value: date | datetime, word: str, operand: Any) -> bool:
    """Whether a day or a moment lies in the days that a word means."""
    day = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    unit, first, last = _meant(word, operand)
    return first <= distance(unit, NOW.astimezone(ZONE).date(), day) <= last


def _meant(word: str, operand: Any) -> tuple[str, int, int]:
    if word == "within":
        assert isinstance(operand, Mapping)
        return operand["unit"], operand.get("from", 0), operand.get("to", 0)
    if word in NAMED:
        unit, offset = NAMED[word]
        return unit, offset, offset
    found = _COUNTED.match(word)
    assert found is not None
    unit = found[2].upper()
    return (unit, 1 - operand, 0) if found[1] == "last" else (unit, 0, operand - 1)


def distance(unit: str, today: date, day: date) -> int:
    """How many units later a day is."""
    match unit:
        case "DAY":
            return (day - today).days
        case "WEEK":
            # Ordinal 1 is a Monday.
            return (day.toordinal() - 1) // 7 - (today.toordinal() - 1) // 7
        case "MONTH":
            return (day.year - today.year) * 12 + day.month - today.month
        case "QUARTER":
            return (day.year - today.year) * 4 + (day.month - 1) // 3 - (today.month - 1) // 3
        case _:
            return day.year - today.year


def bucket(unit: str, day: date) -> date:
    """The first day of the bucket that a day lies in."""
    match unit:
        case "DAY":
            return day
        case "WEEK":
            return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
        case "MONTH":
            return day.replace(day=1)
        case "QUARTER":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case _:
            return day.replace(month=1, day=1)
