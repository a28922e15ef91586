"""The first and the last day of the calendar are days like any other, alone and in lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tenants.connection import Address, close, connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cli.servers import Servers
    from tenants.connection import Connection

DAYS = (date.min, date(1999, 12, 31), date(2000, 1, 1), date(2026, 3, 31), date.max)
MOMENTS = (
    datetime.min.replace(tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 3, 31, 9, 30, 15, 7, tzinfo=timezone(timedelta(hours=8))),
    datetime.max.replace(tzinfo=UTC),
)


@pytest.fixture
async def connection(servers: Servers) -> AsyncIterator[Connection]:
    url = urlsplit(servers.database_url)
    address = Address(url.hostname or "", url.port or 0, url.path[1:], url.username or "", unquote(url.password or ""))
    opened = await connect(address)
    yield opened
    await close(opened)


@pytest.mark.parametrize("day", DAYS)
async def test_a_day_is_itself(connection: Connection, day: date) -> None:
    row = await connection.fetchrow("SELECT $1::date AS day, to_char($1::date, 'YYYY-MM-DD') AS text", day)

    assert dict(row or {}) == {"day": day, "text": day.isoformat()}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_moment_is_itself(connection: Connection, moment: datetime) -> None:
    row = await connection.fetchrow("SELECT $1::timestamptz AS at, isfinite($1::timestamptz) AS is_finite", moment)

    assert dict(row or {}) == {"at": moment.astimezone(UTC), "is_finite": True}


async def test_lists_hold_the_same(connection: Connection) -> None:
    row = await connection.fetchrow("SELECT $1::date[] AS days, $2::timestamptz[] AS moments", [*DAYS, None], MOMENTS)

    assert dict(row or {}) == {"days": [*DAYS, None], "moments": list(MOMENTS)}
