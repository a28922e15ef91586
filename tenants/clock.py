"""The clock: the only place that reads the wall time. Everything else receives a `Clock` or the moment itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
Monotonic: TypeAlias = Callable[[], float]

monotonic: Monotonic = time.monotonic


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
