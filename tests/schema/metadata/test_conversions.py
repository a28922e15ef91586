"""[A2] What a value becomes in a field of another type: exactly that, or a reason why it would lose something."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from schema.metadata import conversions
from schema.metadata.errors import BadCharacters
from schema.metadata.types import FIELD_TYPES
from schema.metadata.values import Money
from tenants.errors import Invalid
from tests.builders.type_changes import CHOICES, sides_of

EVENING = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
FITS = [
    ("text", "longText", "甲", "甲"),
    ("text", "choice", " 在用", "inUse"),
    ("text", "choice", "ＩＮ ＵＳＥ", "inUse"),
    ("text", "choice", "scrapped", "scrapped"),
    ("text", "multiChoice", "报废、在用", ["inUse", "scrapped"]),
    ("text", "tags", "a, b;a，c", ["a", "b", "c"]),
    ("text", "integer", "１,234,567", 1234567),
    ("text", "integer", " -7 ", -7),
    ("text", "decimal", "1,200.50", Decimal("1200.5")),
    ("text", "percent", "12.5%", Decimal("12.5")),
    ("text", "currency", "¥1,200", Money(Decimal(1200), "CNY")),
    ("text", "currency", "12.5 usd", Money(Decimal("12.5"), "USD")),
    ("text", "currency", "30元", Money(Decimal(30), "CNY")),
    ("text", "currency", "30", Money(Decimal(30), "CNY")),
    ("text", "rating", "5", 5),
    ("text", "boolean", "是", True),
    ("text", "boolean", "NO", False),
    ("text", "date", "2026/3/1", date(2026, 3, 1)),
    ("text", "date", "2026年03月01日", date(2026, 3, 1)),
    ("text", "date", "20260301", date(2026, 3, 1)),
    ("text", "dateTime", "2026-04-01T02:30:00+08:00", EVENING),
    ("text", "dateTime", "2026-04-01 02:30", EVENING),
    ("text", "dateTime", "2026-04-01", datetime(2026, 3, 31, 16, tzinfo=UTC)),
    ("text", "phone", "138 0013 8000", "+8613800138000"),
    ("text", "email", "A@B.cn", "a@b.cn"),
    ("text", "url", "kezhi.example", "https://kezhi.example"),
    ("longText", "text", "one line\n", "one line"),
    ("integer", "decimal", 5, Decimal(5)),
    ("integer", "text", 5, "5"),
    ("integer", "currency", 5, Money(Decimal(5), "CNY")),
    ("decimal", "integer", Decimal("5.0"), 5),
    ("decimal", "currency", Decimal("12.34"), Money(Decimal("12.34"), "CNY")),
    ("decimal", "text", Decimal("1E+2"), "100"),
    ("percent", "decimal", Decimal("12.5"), Decimal("12.5")),
    ("currency", "decimal", Money(Decimal("12.5"), "CNY"), Decimal("12.5")),
    ("currency", "text", Money(Decimal("12.5"), "USD"), "12.5 USD"),
    ("boolean", "text", True, "是"),
    ("date", "dateTime", date(2026, 4, 1), datetime(2026, 3, 31, 16, tzinfo=UTC)),
    ("date", "text", date(2026, 4, 1), "2026-04-01"),
    ("dateTime", "date", EVENING, date(2026, 4, 1)),
    ("dateTime", "text", EVENING, "2026-04-01T02:30:00+08:00"),
    ("choice", "text", "scrapped", "报废"),
    ("choice", "multiChoice", "scrapped", ["scrapped"]),
    ("choice", "tags", "inUse", ["在用"]),
    ("multiChoice", "choice", ["scrapped"], "scrapped"),
    ("multiChoice", "text", ["inUse", "scrapped"], "在用、报废"),
    ("tags", "text", ["a", "b"], "a、b"),
    ("tags", "multiChoice", ["报废", "在用"], ["inUse", "scrapped"]),
    ("rating", "integer", 5, 5),
    ("barcode", "text", "X-1", "X-1"),
    ("phone", "text", "+8613800138000", "+8613800138000"),
]
UNFIT = [
    ("text", "choice", "broken", "UNKNOWN_CHOICE"),
    ("text", "integer", "1.5", "WRONG_TYPE"),
    ("text", "integer", "1e5", "WRONG_TYPE"),
    ("text", "decimal", "1_000", "WRONG_TYPE"),
    ("text", "integer", "1,23", "WRONG_TYPE"),
    ("text", "decimal", "NaN", "WRONG_TYPE"),
    ("text", "currency", "¥5 USD", "WRONG_TYPE"),
    ("text", "currency", "5 XXQ", "UNKNOWN_CURRENCY"),
    ("text", "boolean", "maybe", "WRONG_TYPE"),
    ("text", "date", "2026-02-30", "WRONG_TYPE"),
    ("text", "date", "0000-01-01", "WRONG_TYPE"),
    ("text", "dateTime", "tomorrow", "WRONG_TYPE"),
    ("text", "phone", "12", "NOT_A_PHONE"),
    ("longText", "text", "two\nlines", "LINES_WOULD_JOIN"),
    ("decimal", "integer", Decimal("5.5"), "WRONG_TYPE"),
    ("currency", "decimal", Money(Decimal(5), "USD"), "OTHER_CURRENCY"),
    ("multiChoice", "choice", ["inUse", "scrapped"], "TOO_MANY_ITEMS"),
    ("date", "phone", date(2026, 4, 1), "WRONG_TYPE"),
]


@pytest.mark.parametrize(("source", "target", "stored", "expected"), FITS)
def test_value_that_fits(source: str, target: str, stored: object, expected: object) -> None:
    assert conversions.convert(stored, sides_of(source, target)) == expected


@pytest.mark.parametrize(("source", "target", "stored", "code"), UNFIT)
def test_value_that_would_lose_something(source: str, target: str, stored: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        conversions.convert(stored, sides_of(source, target))

    assert refused.value.code == code


def test_nothing_stays_nothing_and_options_hold() -> None:
    assert conversions.convert(None, sides_of("text", "integer")) is None
    with pytest.raises(Invalid):
        conversions.convert("12", sides_of("text", "integer", {"max": "10"}))


def test_words_of_truth_are_those_of_the_tenant() -> None:
    assert conversions.convert(False, sides_of("boolean", "text", language="en")) == "no"


def test_every_way_leads_to_a_type_that_a_tenant_may_choose() -> None:
    ways = {name: conversions.offered(name) for name in FIELD_TYPES}

    assert {name for name, to in ways.items() if not to} >= {"relation", "autoNumber", "phone", "email"}
    for name, to in ways.items():
        assert set(to) <= FIELD_TYPES.keys() - {name}
        assert not any(FIELD_TYPES[each].computed for each in to)


def test_choices_are_known_by_key_and_word() -> None:
    assert conversions.choices_by_word(CHOICES) == {"inuse", "in use", "在用", "scrapped", "报废"}


def test_what_cannot_be_stored_is_none_the_better_for_it() -> None:
    with pytest.raises(BadCharacters):
        conversions.convert("\0", sides_of("text", "phone"))
