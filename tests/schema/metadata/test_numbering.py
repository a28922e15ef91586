"""Formats of auto-numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schema.metadata import numbering

MOMENT = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "period", "number"),
    [
        ("HT{yyyy}-{0000}", "2026", "HT2026-0042"),
        ("{yy}{MM}{dd}{000}", "26-03-09", "260309042"),
        ("BJ-{000000}", "", "BJ-000042"),
        ("{0}", "", "42"),
    ],
)
def test_format_writes_numbers(text: str, period: str, number: str) -> None:
    form = numbering.parse(text)

    assert form is not None
    assert (form.period(MOMENT), form.text(MOMENT, 42), form.has_period) == (period, number, bool(period))


@pytest.mark.parametrize("text", ["", "no counter", "{00}{00}", "{yyyy}", "{hh}{0}", "{0", "x" * 60 + "{0}"])
def test_text_without_exactly_one_counter_is_no_format(text: str) -> None:
    assert numbering.parse(text) is None
