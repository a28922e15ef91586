"""The clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tenants.clock import monotonic, utc_now, zone_names


def test_this_moment_is_in_utc() -> None:
    now = utc_now()

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_monotonic_time_does_not_go_back() -> None:
    assert monotonic() <= monotonic()


def test_zones_are_the_worlds_and_not_the_machines() -> None:
    assert {"Asia/Shanghai", "UTC", "localtime", "posix/UTC"} & zone_names() == {"Asia/Shanghai", "UTC"}
