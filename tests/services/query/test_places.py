"""[A3] Points and addresses in filters and answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from schema.metadata.places import EARTH
from services.query import places
from services.query.errors import WrongOperand
from tests.services.query.world import DEAL, World, record_id

# Title, latitude, longitude; both sides of the line of date among them.
SITES = (
    ("bund", "31.240018", "121.490317"),
    ("hongqiao", "31.194347", "121.321228"),
    ("tiananmen", "39.905489", "116.397632"),
    ("fiji", "-17.8", "179.99"),
    ("taveuni", "-17.8", "-179.99"),
    ("nowhere", None, None),
)
# Code, province, city, district, street.
PLACES = (
    ("330106", "浙江省", "杭州市", "西湖区", "文三路90号"),
    ("330200", "浙江省", "宁波市", None, None),
    ("110101", "北京市", None, "东城区", "长安街1号"),
)


async def deals(world: World) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": record_id(DEAL, number),
            "f_title": title,
            "f_site": None if north is None else Decimal(north),
            "f_site_longitude": None if east is None else Decimal(east),
        }
        for number, (title, north, east) in enumerate(SITES)
    ]
    for row, (code, *names, street) in zip(rows, PLACES, strict=False):
        text = "".join(filter(None, (*names, street)))
        row |= {"f_place": code, "f_place_names": names, "f_place_street": street, "f_place_text": text}
    await world.insert("deal", rows)


async def titles(world: World, filter_: str) -> list[str]:
    text = f"{{ deals(filter: {filter_}, orderBy: [{{id: ASC}}]) {{ nodes {{ title }} }} }}"
    return [each["title"] for each in (await world.ask(text))["deals"]["nodes"]]


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("near: {latitude: 31.240018, longitude: 121.490317, metres: 1}", ["bund"]),
        ("near: {latitude: 31.24, longitude: 121.49, metres: 16500}", ["bund"]),
        ("near: {latitude: 31.24, longitude: 121.49, metres: 17000}", ["bund", "hongqiao"]),
        ("near: {latitude: 31.24, longitude: 121.49, metres: 1100000}", ["bund", "hongqiao", "tiananmen"]),
        ("near: {latitude: -17.8, longitude: 180, metres: 2000}", ["fiji", "taveuni"]),
        ("near: {latitude: 90, longitude: 0, metres: 5600000}", ["tiananmen"]),
        ("inBox: {south: 31, north: 32, west: 121, east: 121.4}", ["hongqiao"]),
        ("inBox: {south: -20, north: 0, west: 179, east: -179}", ["fiji", "taveuni"]),
        ("inBox: {south: -90, north: 90, west: -180, east: 180}", ["bund", "hongqiao", "tiananmen", "fiji", "taveuni"]),
        ("isEmpty: true", ["nowhere"]),
    ],
)
async def test_points_are_found_where_they_lie(world: World, filter_: str, expected: list[str]) -> None:
    await deals(world)

    assert await titles(world, f"{{site: {{{filter_}}}}}") == expected


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ('code: {startsWith: "33"}', ["bund", "hongqiao"]),
        ('code: {startsWith: "3301"}', ["bund"]),
        ('code: {in: ["330200", "110101"]}', ["hongqiao", "tiananmen"]),
        ('text: {contains: "长安街"}', ["tiananmen"]),
        ('text: {startsWith: "浙江省宁波市"}', ["hongqiao"]),
        ("isEmpty: true", ["fiji", "taveuni", "nowhere"]),
    ],
)
async def test_addresses_are_found_by_area_and_by_words(world: World, filter_: str, expected: list[str]) -> None:
    await deals(world)

    assert await titles(world, f"{{place: {{{filter_}}}}}") == expected


async def test_parts_are_answered_as_they_are_asked_for(world: World) -> None:
    await deals(world)

    text = (
        "{ deals(orderBy: [{id: ASC}], first: 3) { nodes { site { lat: latitude longitude __typename } place { text city"
        " cityCode code provinceCode districtCode street } } } }"
    )
    nodes: Any = (await world.ask(text))["deals"]["nodes"]

    assert nodes[0]["site"] == {"lat": 31.240018, "longitude": 121.490317, "__typename": "Geolocation"}
    assert [each["place"] for each in nodes] == [
        {"text": "浙江省杭州市西湖区文三路90号", "city": "杭州市", "cityCode": "330100", "code": "330106",
         "provinceCode": "330000", "districtCode": "330106", "street": "文三路90号"},
        {"text": "浙江省宁波市", "city": "宁波市", "cityCode": "330200", "code": "330200",
         "provinceCode": "330000", "districtCode": None, "street": None},
        {"text": "北京市东城区长安街1号", "city": None, "cityCode": None, "code": "110101",
         "provinceCode": "110000", "districtCode": "110101", "street": "长安街1号"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "filter_",
    [
        "near: {latitude: 91, longitude: 0, metres: 1}",
        "near: {latitude: 0, longitude: 181, metres: 1}",
        "near: {latitude: 0, longitude: 0, metres: 0}",
        "near: {latitude: 0, longitude: 0, metres: -1}",
        "near: {latitude: 0, longitude: 0, metres: 3e7}",
        "inBox: {south: 1, north: 0, west: 0, east: 1}",
        "inBox: {south: 0, north: 91, west: 0, east: 1}",
    ],
)
async def test_what_is_no_part_of_the_earth_is_refused(world: World, filter_: str) -> None:
    with pytest.raises(WrongOperand):
        await titles(world, f"{{site: {{{filter_}}}}}")


def test_both_sides_reckon_with_the_same_earth() -> None:
    assert places.EARTH_SQL.parts == (repr(EARTH),)
