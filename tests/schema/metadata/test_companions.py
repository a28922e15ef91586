"""Companion columns: what a value sorts by, is unique in, and is counted in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema.metadata.companions import columns, normal_form, sort_key
from schema.metadata.fields import Field
from schema.metadata.values import Money

NAME = Field("name", "text", is_unique=True, options=(("normalForm", "company"), ("sortKey", "pinyin")))


@pytest.mark.parametrize(
    ("value", "key"),
    [("北京云启", "bei jing yun qi"), ("ABC Café", "abc café"), ("重庆 3D", "chong qing 3d"), ("  ", "")],
)
def test_chinese_sorts_by_sound(value: str, key: str) -> None:
    assert sort_key(value) == key


def test_long_text_has_a_short_key() -> None:
    assert len(sort_key("云" * 5000)) <= 200


@pytest.mark.parametrize(
    "written",
    [
        "云启(杭州)科技有限公司",
        "云启(杭州)科技有限责任公司",
        " 云启 (杭州) 科技有限责任公司 ",
        "云启·(杭州)科技有限公司。",
    ],
)
def test_company_is_one_however_it_is_written(written: str) -> None:
    assert normal_form(NAME, written) == "云启(杭州)科技有限公司"


def test_stock_company_is_another_company() -> None:
    assert normal_form(NAME, "云启股份有限公司") != normal_form(NAME, "云启有限公司")


def test_other_text_is_folded_only() -> None:
    assert normal_form(Field("code", "text", is_unique=True), " A-1  Ｂ ") == "a-1 b"


def test_text_has_its_columns() -> None:
    assert columns(NAME, "云启有限责任公司") == {
        "": "云启有限责任公司",
        "sort": "yun qi you xian ze ren gong si",
        "norm": "云启有限公司",
    }


def test_money_has_its_columns() -> None:
    money = Money(Decimal(5), "USD")

    assert columns(Field("amount", "currency"), money) == {"": Decimal(5), "currency": "USD"}


def test_nothing_leaves_every_column_empty() -> None:
    assert columns(Field("amount", "currency"), None) == {"": None, "currency": None}


def test_plain_text_has_no_companions() -> None:
    assert columns(Field("note", "text"), "x") == {"": "x"}


@given(st.text(max_size=60))
@example("A´")
def test_a_normal_form_is_its_own_normal_form(written: str) -> None:
    once = normal_form(NAME, written)

    assert normal_form(NAME, once) == once


@given(st.text(alphabet="云启科技abcABC()有限责任公司 ·", max_size=20))
def test_case_width_and_spaces_make_no_other_company(written: str) -> None:
    wide = written.upper().translate({number: number + 0xFEE0 for number in range(0x21, 0x7F)})

    assert normal_form(NAME, f"  {wide} ") == normal_form(NAME, written)


def test_names_of_marks_alone_stay_apart() -> None:
    assert normal_form(NAME, "·") != normal_form(NAME, "--")


@given(st.text(max_size=300))
def test_a_sort_key_is_short_and_trimmed(written: str) -> None:
    key = sort_key(written)

    assert (len(key) <= 200, key) == (True, key.strip())
