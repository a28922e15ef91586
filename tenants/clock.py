"""The clock: the only place that reads the wall time. Everything else receives a `Clock` or the moment itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TypeAlias
from zoneinfo import available_timezones

Clock: TypeAlias = Callable[[], datetime]
Monotonic: TypeAlias = Callable[[], float]

monotonic: Monotonic = time.monotonic


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


@cache
def zone_names() -> frozenset[str]:
    """The time zones that may be named: those of the world's table, whatever else this machine has files for."""
    # `localtime` is a file of the machine; PostgreSQL does not know it.
    return frozenset(available_timezones()) - {"localtime"}
