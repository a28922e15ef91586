"""[H1] Dates in words: every span counted again day by day, over many todays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.query.relative_dates import UNITS, Days, midnight, span, spoken

TODAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(TODAYS, st.sampled_from(UNITS), st.integers(-30, 30))
def test_neighbouring_units_touch_and_hold_the_day_they_begin_with(today: date, unit: str, offset: int) -> None:
    this, following = span(unit, offset, offset, today=today), span(unit, offset + 1, offset + 1, today=today)

    assert this.end == following.first
    assert this.first < this.end
    assert span(unit, offset, offset + 1, today=today) == Days(this.first, following.end)


@given(TODAYS, st.sampled_from(UNITS))
def test_the_present_unit_holds_today(today: date, unit: str) -> None:
    present = span(unit, 0, 0, today=today)

    assert present.first <= today < present.end


@pytest.mark.parametrize(
    ("operator", "operand", "first", "end"),
    [
        ("today", True, date(2026, 4, 1), date(2026, 4, 2)),
        ("yesterday", True, date(2026, 3, 31), date(2026, 4, 1)),
        ("tomorrow", True, date(2026, 4, 2), date(2026, 4, 3)),
        ("thisWeek", True, date(2026, 3, 30), date(2026, 4, 6)),
        ("lastMonth", True, date(2026, 3, 1), date(2026, 4, 1)),
        ("nextQuarter", True, date(2026, 7, 1), date(2026, 10, 1)),
        ("lastYear", True, date(2025, 1, 1), date(2026, 1, 1)),
        ("lastNDays", 7, date(2026, 3, 26), date(2026, 4, 2)),
        ("nextNDays", 3, date(2026, 4, 1), date(2026, 4, 4)),
        ("lastNMonths", 2, date(2026, 3, 1), date(2026, 5, 1)),
        ("within", {"unit": "MONTH", "from": -1}, date(2026, 3, 1), date(2026, 5, 1)),
    ],
)
def test_words_mean_whole_days(operator: str, operand: object, first: date, end: date) -> None:
    assert spoken(operator, operand, today=date(2026, 4, 1)) == Days(first, end)


@pytest.mark.parametrize(
    ("operator", "operand"),
    [
        ("today", False),
        ("today", 1),
        ("lastNDays", 0),
        ("lastNDays", True),
        ("nextNDays", "3"),
        ("within", None),
        ("within", {"unit": "HOUR"}),
        ("within", {"unit": "DAY", "from": "1"}),
        ("within", {"unit": "YEAR", "to": 99_999}),
        ("lastNYears", 100_001),
    ],
)
def test_operands_that_do_not_fit_mean_nothing(operator: str, operand: object) -> None:
    assert spoken(operator, operand, today=date(2026, 4, 1)) is None


def test_midnight_is_that_of_the_zone() -> None:
    assert midnight(date(2026, 4, 1), ZoneInfo("Asia/Shanghai")) == datetime(2026, 3, 31, 16, tzinfo=UTC)


def test_weeks_begin_on_monday() -> None:
    days = [span("WEEK", 0, 0, today=date(2026, 3, 30) + timedelta(days=each)).first for each in range(7)]

    assert set(days) == {date(2026, 3, 30)}
