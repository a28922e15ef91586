"""[A3] Points on the earth, what lies around them, and how far it is."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata.fields import Field
from schema.metadata.places import EARTH, Box, Point, around, distance, geolocation, point
from tenants.errors import Invalid

FIELD = Field("f", "geolocation")
POINTS = st.builds(point, st.decimals(-90, 90, places=6), st.decimals(-180, 180, places=6))
BUND = Point(Decimal("31.240018"), Decimal("121.490317"))
TIANANMEN = Point(Decimal("39.905489"), Decimal("116.397632"))


def lies_in(box: Box, place: Point) -> bool:
    inside = box.south <= place.latitude <= box.north
    if box.west <= box.east:
        return inside and box.west <= place.longitude <= box.east
    return inside and (place.longitude >= box.west or place.longitude <= box.east)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"latitude": 31.240018, "longitude": 121.490317}, BUND),
        ({"latitude": "31.2400180000001", "longitude": 121.4903168}, BUND),
        ({"latitude": -90, "longitude": -180}, Point(Decimal(-90), Decimal(180))),
        ({"latitude": -0.0000001, "longitude": 0}, Point(Decimal(0), Decimal(0))),
        (BUND, BUND),
        (None, None),
    ],
)
def test_point_has_six_decimals(raw: object, expected: Point | None) -> None:
    assert geolocation(raw, FIELD) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"latitude": 90.1, "longitude": 0}, "OUT_OF_RANGE"),
        ({"latitude": 0, "longitude": -180.000001}, "OUT_OF_RANGE"),
        ({"latitude": float("nan"), "longitude": 0}, "WRONG_TYPE"),
        ({"latitude": "Infinity", "longitude": 0}, "WRONG_TYPE"),
        ({"latitude": "1e999999999", "longitude": 0}, "OUT_OF_RANGE"),
        ({"latitude": 1}, "WRONG_TYPE"),
        ({"latitude": True, "longitude": 1}, "WRONG_TYPE"),
        ("31.2,121.4", "WRONG_TYPE"),
        ([31.2, 121.4], "WRONG_TYPE"),
        (7, "WRONG_TYPE"),
    ],
)
def test_what_is_no_point_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        geolocation(raw, FIELD)

    assert caught.value.code == code


def test_distance_is_that_of_a_great_circle() -> None:
    assert distance(BUND, BUND) == 0
    # A degree of a meridian, half the earth, and a pair of landmarks that maps give as 1,067 km.
    assert distance(point(0, 0), point(1, 0)) == pytest.approx(math.pi * EARTH / 180)
    assert distance(point(0, 0), point(0, 180)) == pytest.approx(math.pi * EARTH)
    assert distance(BUND, TIANANMEN) == pytest.approx(1_067_000, rel=2e-3)


@given(POINTS, POINTS, st.none() | st.decimals(1, 20_000_000, places=0))
def test_box_leaves_out_nothing_that_is_near(one: Point, other: Point, metres: Decimal | None) -> None:
    # Without a number, just as far as it is.
    reach = Decimal(repr(distance(one, other) + 0.01)) if metres is None else metres

    if 0 < reach <= 20_100_000 and distance(one, other) <= reach:
        assert lies_in(around(one, reach), other)


def test_box_goes_over_the_line_of_date() -> None:
    box = around(point(0, "179.99"), Decimal(10_000))

    assert box.west > box.east
    assert lies_in(box, point(0, "-179.95"))
    assert not lies_in(box, point(0, 179))
