"""[A3 A4] Times of day and lengths of time as input, with the limits of their field."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from schema.metadata.errors import OutOfRange
from schema.metadata.fields import Field, OptionValue
from schema.metadata.times import duration, time_of_day
from tenants.errors import Invalid


def field(type_name: str, **options: OptionValue) -> Field:
    return Field("f", type_name, options=tuple(sorted(options.items())))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("09:30", time(9, 30)),
        (" 23:59:59 ", time(23, 59, 59)),
        ("０９：３０", time(9, 30)),
        (time(0, 0), time(0, 0)),
        (" ", None),
        (None, None),
    ],
)
def test_time_of_day_is_read(raw: object, expected: time | None) -> None:
    assert time_of_day(raw, field("time")) == expected


@pytest.mark.parametrize(
    "raw",
    [
        *("24:00", "9:30", "09:30:15.5", "09:30Z", "上午九点", "25:61", "x" * 1_000_000),
        *(930, True, date(2026, 3, 1), time(9, 30, tzinfo=UTC), time(9, 30, 0, 5), {}, []),
    ],
)
def test_what_is_no_time_of_day_is_refused(raw: object) -> None:
    with pytest.raises(Invalid) as caught:
        time_of_day(raw, field("time"))

    assert caught.value.code == "WRONG_TYPE"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("P1Y", "WRONG_TYPE"),
        ("一小时", "WRONG_TYPE"),
        (90, "WRONG_TYPE"),
        (datetime(2026, 3, 1, tzinfo=UTC), "WRONG_TYPE"),
        (timedelta(days=2_000_000), "OUT_OF_RANGE"),
        ("P9999999D", "WRONG_TYPE"),
    ],
)
def test_what_is_no_length_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        duration(raw, field("duration"))

    assert caught.value.code == code


def test_limits_of_the_field_are_kept() -> None:
    office = field("time", min="09:00:00", max="18:00:00")
    short = field("duration", min="PT9M", max="PT10H")

    assert time_of_day("18:00", office) == time(18)
    assert duration("PT540S", short) == timedelta(minutes=9)
    for beyond in ("08:59:59", "18:00:01"):
        with pytest.raises(OutOfRange):
            time_of_day(beyond, office)
    for beyond in ("PT8M59S", "PT10H1S"):
        with pytest.raises(OutOfRange):
            duration(beyond, short)
