"""Places in filters and answers: points on the earth, and addresses. What is near is looked for in the box around it first, which an index has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from schema.metadata import places
from schema.metadata.types import Output
from schema.metadata.values import number
from services.query.text import Piece, object_text, value_text
from tenants.errors import Fault
from tenants.sql import Fragment, sql

_BOX = ("south", "north", "west", "east")


def circle(raw: object) -> tuple[object, ...]:
    """The parameters of `near`: its box, its centre and its metres."""
    if not isinstance(raw, Mapping):
        raise TypeError(raw)
    centre, metres = _point(raw["latitude"], raw["longitude"]), _number(raw["metres"])
    if not 0 < metres <= places.FARTHEST:
        raise ValueError(metres)
    box = places.around(centre, metres)
    return box.south, box.north, box.west, box.east, centre.latitude, centre.longitude, metres


def box(raw: object) -> tuple[object, ...]:
    """The parameters of `inBox`; its west may lie beyond its east, over the line of date."""
    if not isinstance(raw, Mapping):
        raise TypeError(raw)
    south, north, west, east = (_number(raw[each]) for each in _BOX)
    for latitude, longitude in ((south, west), (north, east)):
        _point(latitude, longitude)
    if south > north:
        raise ValueError(raw)
    return south, north, west, east


def lies_in(latitude: Fragment, given: Sequence[Fragment]) -> Fragment:
    """Within a box. The longitude is the first of what is given."""
    longitude, south, north, west, east = given[:5]
    return sql(
        # The ends are constants to the planner, so that an index has both conditions.
        "({latitude} BETWEEN {south} AND {north}"
        " AND {longitude} BETWEEN CASE WHEN {west} <= {east} THEN {west} ELSE -180 END"
        " AND CASE WHEN {west} <= {east} THEN {east} ELSE 180 END"
        " AND ({west} <= {east} OR {longitude} >= {west} OR {longitude} <= {east}))",
        latitude=latitude,
        longitude=longitude,
        south=south,
        north=north,
        west=west,
        east=east,
    )


def is_near(latitude: Fragment, given: Sequence[Fragment]) -> Fragment:
    """Within so many metres over the ground, by the formula of `schema.metadata.places.distance`."""
    longitude, north, east, metres = given[0], *given[5:8]
    return sql(
        "({around} AND 2 * {earth}::float8 * asin(sqrt(least(1, power(sin(radians(({north} - {latitude})::float8) / 2), 2)"
        " + cos(radians({latitude}::float8)) * cos(radians({north}::float8))"
        " * power(sin(radians(({east} - {longitude})::float8) / 2), 2)))) <= {metres})",
        around=lies_in(latitude, given),
        earth=EARTH_SQL,
        latitude=latitude,
        longitude=longitude,
        north=north,
        east=east,
        metres=metres,
    )


def address_text(columns: Mapping[str, Fragment], parts: Iterable[tuple[str, str]]) -> Fragment:
    """An `Address` object from its columns; null without an area."""
    code, names = columns[""], columns["names"]
    found: dict[str, Fragment] = {
        "code": code,
        "provinceCode": sql("left({code}, 2) || '0000'", code=code),
        "cityCode": sql("CASE WHEN {names}[2] IS NOT NULL THEN left({code}, 4) || '00' END", names=names, code=code),
        "districtCode": sql("CASE WHEN {names}[3] IS NOT NULL THEN {code} END", names=names, code=code),
        "province": sql("{names}[1]", names=names),
        "city": sql("{names}[2]", names=names),
        "district": sql("{names}[3]", names=names),
        "street": columns["street"],
        "text": columns["text"],
    }
    pieces: dict[str, Piece] = {part: value_text(Output.TEXT, each) for part, each in found.items()}
    pieces["__typename"] = '"Address"'
    return sql(
        "(CASE WHEN {code} IS NULL THEN 'null' ELSE {object} END)",
        code=code,
        object=object_text((key, pieces[part]) for key, part in parts),
    )


def point_text(columns: Mapping[str, Fragment], parts: Iterable[tuple[str, str]]) -> Fragment:
    """A `Geolocation` object from its columns; null without a point."""
    latitude, longitude = columns[""], columns["longitude"]
    pieces: dict[str, Piece] = {
        "latitude": value_text(Output.INT, sql("trim_scale({x})", x=latitude)),
        "longitude": value_text(Output.INT, sql("trim_scale({x})", x=longitude)),
        "__typename": '"Geolocation"',
    }
    return sql(
        "(CASE WHEN {latitude} IS NULL THEN 'null' ELSE {object} END)",
        latitude=latitude,
        object=object_text((key, pieces[part]) for key, part in parts),
    )


# The same number as `places.EARTH`; a test compares them.
EARTH_SQL = sql("6371008.8")


def _point(latitude: object, longitude: object) -> places.Point:
    try:
        return places.point(latitude, longitude)
    except Fault:
        raise ValueError(latitude) from None


def _number(raw: object) -> Decimal:
    try:
        return number(raw, "geolocation")
    except Fault:
        raise ValueError(raw) from None
