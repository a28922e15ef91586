"""Turns of the calendar: the last one at or before a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.calendar import Periodic

HOURLY = Periodic("test.hourly", timedelta(hours=1))
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def test_a_turn_begins_on_its_hour() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    assert HOURLY.turn(noon) == noon
    assert HOURLY.turn(noon + timedelta(minutes=59, seconds=59)) == noon
    assert HOURLY.turn(noon - timedelta(seconds=1)) == noon - timedelta(hours=1)


@given(MOMENTS, st.integers(min_value=1, max_value=86_400))
def test_every_moment_belongs_to_one_turn(moment: datetime, seconds: int) -> None:
    periodic = Periodic("test", timedelta(seconds=seconds))

    turn = periodic.turn(moment)

    assert turn <= moment < turn + periodic.every
    assert periodic.turn(turn) == turn
