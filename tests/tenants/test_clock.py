"""The clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tenants.clock import UnknownZone, monotonic, require_zone, utc_now, zone_names, zone_or_utc


def test_this_moment_is_in_utc() -> None:
    now = utc_now()

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_monotonic_time_does_not_go_back() -> None:
    assert monotonic() <= monotonic()


def test_zones_are_the_worlds_and_not_the_machines() -> None:
    assert {"Asia/Shanghai", "UTC", "localtime", "posix/UTC"} & zone_names() == {"Asia/Shanghai", "UTC"}


def test_zone_is_known_by_its_name() -> None:
    assert require_zone("Asia/Urumqi") == "Asia/Urumqi"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "localtime", "../../etc/passwd", None, 8])
def test_anything_else_is_no_zone(name: object) -> None:
    with pytest.raises(UnknownZone) as refused:
        require_zone(name)

    assert refused.value.details == {"zone": str(name)}


@pytest.mark.parametrize(
    ("name", "key"), [("Asia/Urumqi", "Asia/Urumqi"), ("Nowhere/Land", "UTC"), ("", "UTC"), ("../../etc/passwd", "UTC")]
)
def test_a_kept_zone_that_is_not_known_here_is_utc(name: str, key: str) -> None:
    assert zone_or_utc(name).key == key
