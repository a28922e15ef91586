"""A finding is one line by which somebody mends a file."""

from __future__ import annotations

from services.packs import BadPack, Finding, Place
from services.packs.errors import PackKeyUnknown


def test_finding_names_file_line_node_and_code() -> None:
    place = Place("objects/customer.yaml").below("fields", "level", line=14)
    found = Finding(place, PackKeyUnknown(key="colour", known="label, type"))

    assert found.told() == (
        "objects/customer.yaml:14 fields.level: PACK_KEY_UNKNOWN: There is no colour here; there are label, type."
    )
    assert found.told("zh").endswith("此处没有 colour;可用:label, type。")
    assert str(BadPack((found, found))) == f"{found.told()}\n{found.told()}"


def test_place_below_keeps_the_line_where_none_is_known() -> None:
    assert str(Place("x.yaml", "a", 3).below(0, "b")) == "x.yaml:3 a.0.b"
