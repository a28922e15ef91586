"""Places on the earth: a point by latitude and longitude (WGS 84), and the box around what is near it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from schema.metadata.errors import OutOfRange, WrongType
from schema.metadata.values import number

if TYPE_CHECKING:
    from schema.metadata.fields import Field

# A tenth of a metre; what a phone tells beyond that is noise.
_PLACES = Decimal(1).scaleb(-6)
_NORTH, _EAST = Decimal(90), Decimal(180)
# The mean radius of the earth in metres (IUGG).
EARTH = 6_371_008.8
# A great circle is no longer: beyond it everything is near.
FARTHEST = Decimal(20_100_000)
_DEGREE = EARTH * math.pi / 180
# A little more than the circle, so that rounding leaves nothing out.
_MARGIN = 1e-6


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees to the north and to the east."""

    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, slots=True)
class Box:
    """From south to north and from west to east; over the line of date the west is more than the east."""

    south: Decimal
    north: Decimal
    west: Decimal
    east: Decimal


def geolocation(raw: object, _: Field) -> object:
    """`{latitude, longitude}` in degrees."""
    if raw is None or isinstance(raw, Point):
        return raw
    if not isinstance(raw, Mapping):
        raise WrongType(type="geolocation")
    return point(raw.get("latitude"), raw.get("longitude"))


def point(latitude: object, longitude: object) -> Point:
    """A point with six decimals; the line of date is in the east."""
    north, east = _degrees(latitude, _NORTH), _degrees(longitude, _EAST)
    return Point(north, _EAST if east == -_EAST else east)


def around(centre: Point, metres: Decimal) -> Box:
    """What holds everything within so many metres."""
    reach = float(metres) / _DEGREE + _MARGIN
    south, north = float(centre.latitude) - reach, float(centre.latitude) + reach
    if south <= -float(_NORTH) or north >= float(_NORTH):
        # A pole is within: it lies on every meridian.
        return Box(_rounded(max(south, -90)), _rounded(min(north, 90)), -_EAST, _EAST)
    # Where the circle touches a meridian, farther than its centre is from it along the parallel.
    wide = math.degrees(
        math.asin(min(1, math.sin(math.radians(reach)) / math.cos(math.radians(float(centre.latitude)))))
    )
    west, east = float(centre.longitude) - wide - _MARGIN, float(centre.longitude) + wide + _MARGIN
    return Box(_rounded(south), _rounded(north), _rounded(_wrapped(west)), _rounded(_wrapped(east)))


def distance(one: Point, other: Point) -> float:
    """Metres over the ground, as the filter reckons them."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    apart = math.sin((north - south) / 2) ** 2
    apart += math.cos(south) * math.cos(north) * math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1, apart)))


def _degrees(raw: object, most: Decimal) -> Decimal:
    found = number(raw, "geolocation")
    if not -most <= found <= most:
        raise OutOfRange(min=str(-most), max=str(most))
    return found.quantize(_PLACES, ROUND_HALF_UP) + 0


def _wrapped(longitude: float) -> float:
    return longitude - 360 if longitude > 180 else longitude + 360 if longitude < -180 else longitude  # noqa: PLR2004 - degrees


def _rounded(degrees: float) -> Decimal:
    return Decimal(repr(degrees)).quantize(_PLACES)
