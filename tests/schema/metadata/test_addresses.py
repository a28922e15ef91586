"""[A3] Addresses name an area of GB/T 2260 and a line below it."""

from __future__ import annotations

import pytest

from schema.metadata.addresses import Address, address
from schema.metadata.fields import Field
from tenants.errors import Invalid

FIELD = Field("f", "address")


@pytest.mark.parametrize(
    ("raw", "expected", "text"),
    [
        (
            {"code": "330106", "street": " 文三路  ９０号 "},
            Address("330106", "文三路 90号"),
            "浙江省杭州市西湖区文三路 90号",
        ),
        ({"code": "３３００００"}, Address("330000"), "浙江省"),
        ({"code": "110101", "street": None}, Address("110101"), "北京市东城区"),
        (Address("441900", "南城街道"), Address("441900", "南城街道"), "广东省东莞市南城街道"),
    ],
)
def test_address_is_read(raw: object, expected: Address, text: str) -> None:
    assert address(raw, FIELD) == expected
    assert expected.text == text


def test_names_are_those_of_the_table() -> None:
    assert Address("429004").names == ["湖北省", None, "仙桃市"]
    assert Address("330103").names == []
    assert address(None, FIELD) is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"code": "330199"}, "NOT_AN_AREA"),
        ({"code": "三三零一零六"}, "NOT_AN_AREA"),
        ({"code": ""}, "NOT_AN_AREA"),
        ({"code": "1" * 1_000_000}, "NOT_AN_AREA"),
        ({"street": "文三路"}, "WRONG_TYPE"),
        ({"code": 330106}, "WRONG_TYPE"),
        ({"code": "330106", "street": 90}, "WRONG_TYPE"),
        ({"code": "330106", "street": "x" * 201}, "TOO_LONG"),
        ({"code": "330106", "street": "a\0"}, "BAD_CHARACTERS"),
        ({"code": "33010\ud800"}, "BAD_CHARACTERS"),
        ("浙江省杭州市西湖区", "WRONG_TYPE"),
        (["330106"], "WRONG_TYPE"),
    ],
)
def test_bad_address_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        address(raw, FIELD)

    assert caught.value.code == code
