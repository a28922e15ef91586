"""[A3 A8] The areas of China by their codes."""

from __future__ import annotations

import pytest

from schema.metadata.areas import Area, area


@pytest.mark.parametrize(
    ("code", "expected", "text"),
    [
        ("330000", Area("330000", "浙江省"), "浙江省"),
        ("330100", Area("330100", "浙江省", "杭州市"), "浙江省杭州市"),
        ("330106", Area("330106", "浙江省", "杭州市", "西湖区"), "浙江省杭州市西湖区"),
        # A municipality, a county of its province, a city without districts, and what is no province.
        ("110101", Area("110101", "北京市", None, "东城区"), "北京市东城区"),
        ("429004", Area("429004", "湖北省", None, "仙桃市"), "湖北省仙桃市"),
        ("441900", Area("441900", "广东省", "东莞市"), "广东省东莞市"),
        ("710000", Area("710000", "台湾省"), "台湾省"),
        ("810000", Area("810000", "香港特别行政区"), "香港特别行政区"),
    ],
)
def test_area_stands_within_others(code: str, expected: Area, text: str) -> None:
    found = area(code)

    assert found == expected
    assert expected.text == text


@pytest.mark.parametrize("code", ["", "33", "3301", "999999", "110100", "330103", "# Cod"])
def test_other_codes_are_none(code: str) -> None:
    # 110100 is no city, 330103 was a district till 2021.
    assert area(code) is None


def test_every_code_is_of_a_province() -> None:
    codes = [f"{number:06}" for number in range(110_000, 830_000) if area(f"{number:06}") is not None]

    assert len(codes) == 3212
    assert all(area(f"{code[:2]}0000") is not None for code in codes)
    assert len([code for code in codes if code.endswith("0000")]) == 34
