"""Dates and moments on their way to PostgreSQL and back, in its binary form.

asyncpg takes the first and the last day of Python's calendar for infinity; `9999-12-31`, by which people mean "for
ever", would be stored as no day at all.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

_FIRST_DAY = date(2000, 1, 1).toordinal()
_FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


async def be_exact(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Let a connection take every date and moment for what it is. Both types are known, so nothing is asked."""
    await connection.set_type_codec("date", schema="pg_catalog", encoder=_days, decoder=_date, format="tuple")
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=_microseconds, decoder=_moment, format="tuple"
    )


def _days(day: date) -> tuple[int]:
    return (day.toordinal() - _FIRST_DAY,)


def _date(days: tuple[int]) -> date:
    return date.fromordinal(days[0] + _FIRST_DAY)


def _microseconds(moment: datetime) -> tuple[int]:
    return ((moment.astimezone(UTC) - _FIRST_MOMENT) // _MICROSECOND,)


def _moment(microseconds: tuple[int]) -> datetime:
    return _FIRST_MOMENT + timedelta(microseconds=microseconds[0])
