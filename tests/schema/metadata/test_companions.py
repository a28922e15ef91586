"""Companion columns: what a value sorts by, is unique in, and is counted in."""

from __future__ import annotations

from decimal import Decimal

import pytest

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
