"""[A3] Lengths of time are read from ISO 8601 and have one written form."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata import durations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1H30M", timedelta(hours=1, minutes=30)),
        ("PT90M", timedelta(hours=1, minutes=30)),
        ("P1D", timedelta(hours=24)),
        ("P2W", timedelta(days=14)),
        ("P1DT0.5S", timedelta(days=1, microseconds=500_000)),
        ("PT1,000001S", timedelta(seconds=1, microseconds=1)),
        ("-PT5M", timedelta(minutes=-5)),
        ("+PT0S", timedelta()),
    ],
)
def test_length_is_read(text: str, expected: timedelta) -> None:
    assert durations.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "1H", "PT1H30", "P1Y", "P1M", "PT1.5H", "PT0.0000001S", "PT-1S", "pt1h", "PT１H",
     "PT99999999999999S", "P9999999999D", "PT1S\n", "9" * 1_000_000],
)  # fmt: skip
def test_what_is_no_length_is_not_read(text: str) -> None:
    assert durations.parse(text) is None


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(), "PT0S"),
        (timedelta(hours=36), "PT36H"),
        (timedelta(hours=1, seconds=5), "PT1H5S"),
        (timedelta(minutes=-90), "-PT1H30M"),
        (timedelta(seconds=100, microseconds=10), "PT1M40.00001S"),
        (durations.LONGEST, "PT27777777H46M40S"),
    ],
)
def test_length_has_one_written_form(length: timedelta, expected: str) -> None:
    assert durations.written(length) == expected


@given(st.timedeltas(min_value=-durations.LONGEST, max_value=durations.LONGEST))
def test_written_form_is_read_back(length: timedelta) -> None:
    assert durations.parse(durations.written(length)) == length
    assert durations.of_seconds(durations.seconds(length)) == length


def test_stored_form_is_seconds() -> None:
    assert durations.seconds(timedelta(minutes=-1, microseconds=1)) == Decimal("-59.999999")
