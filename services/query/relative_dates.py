"""Dates said in words: `thisMonth`, `lastNDays`, and whole units counted from the present one.

Every answer is a half-open range of days in the asker's zone. Weeks begin on Monday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

UNITS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_MONTHS: Mapping[str, int] = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_DAYS: Mapping[str, int] = {"DAY": 1, "WEEK": 7}
FARTHEST = 100_000

# Operator → (unit, offset of the first, offset of the last), both ends included.
NAMED: Mapping[str, tuple[str, int, int]] = {
    "today": ("DAY", 0, 0),
    "yesterday": ("DAY", -1, -1),
    "tomorrow": ("DAY", 1, 1),
    **{
        f"{word}{unit.capitalize()}": (unit, offset, offset)
        for unit in UNITS[1:]
        for word, offset in (("last", -1), ("this", 0), ("next", 1))
    },
}
# Operator → (unit, which way): N whole units before the present one with it, or from it on.
COUNTED: Mapping[str, tuple[str, int]] = {
    f"{word}N{unit.capitalize()}s": (unit, way) for unit in UNITS for word, way in (("last", -1), ("next", 1))
}
WITHIN = "within"
OPERATORS = frozenset({*NAMED, *COUNTED, WITHIN})


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day up to, and without, the end."""

    first: date
    end: date


def span(unit: str, start: int, stop: int, *, today: date) -> Days:
    """The whole units from `start` to `stop`, counted from the present one, both ends included."""
    return Days(_begin(unit, start, today), _begin(unit, stop + 1, today))


def spoken(operator: str, operand: object, *, today: date) -> Days | None:
    """The days that an operator means; nothing if its operand does not fit."""
    if operator in NAMED:
        return span(*NAMED[operator], today=today) if operand is True else None
    if operator in COUNTED:
        unit, way = COUNTED[operator]
        if not _is_count(operand) or not 1 <= operand <= FARTHEST:
            return None
        return _safe(unit, min(0, way * (operand - 1)), max(0, way * (operand - 1)), today)
    if not isinstance(operand, Mapping) or operand.get("unit") not in UNITS:
        return None
    start, stop = operand.get("from", 0), operand.get("to", 0)
    if not _is_count(start) or not _is_count(stop) or max(abs(start), abs(stop)) > FARTHEST:
        return None
    return _safe(str(operand["unit"]), start, stop, today)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins in a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _is_count(operand: object) -> TypeGuard[int]:
    return isinstance(operand, int) and not isinstance(operand, bool)


def _safe(unit: str, start: int, stop: int, today: date) -> Days | None:
    try:
        return span(unit, start, stop, today=today)
    except (OverflowError, ValueError):
        return None


def _begin(unit: str, offset: int, today: date) -> date:
    if unit in _DAYS:
        monday = today - timedelta(days=today.weekday()) if unit == "WEEK" else today
        return monday + timedelta(days=offset * _DAYS[unit])
    length = _MONTHS[unit]
    month = today.year * 12 + (today.month - 1) // length * length + offset * length
    return date(month // 12, month % 12 + 1, 1)
