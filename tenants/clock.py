"""The clock: the only place that reads the wall time, and the zones that it may be told in.

Everything else receives a `Clock` or the moment itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from tenants.errors import Invalid

Clock: TypeAlias = Callable[[], datetime]
Monotonic: TypeAlias = Callable[[], float]

monotonic: Monotonic = time.monotonic
_MOST_SHOWN = 60


class UnknownZone(Invalid):
    """“{zone}” is not a time zone; one is named like Asia/Shanghai."""

    code = "UNKNOWN_ZONE"
    zh = "没有名为“{zone}”的时区,时区名如 Asia/Shanghai。"


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


@cache
def zone_names() -> frozenset[str]:
    """The time zones that may be named: those of the world's table, whatever else this machine has files for."""
    # `localtime` is a file of the machine; PostgreSQL does not know it.
    return frozenset(available_timezones()) - {"localtime"}


def require_zone(name: object) -> str:
    """The name, if it is that of a time zone."""
    if not isinstance(name, str) or name not in zone_names():
        raise UnknownZone(zone=str(name)[:_MOST_SHOWN])
    return name


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of a name that was kept: one that this machine does not know must not keep its people out."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
