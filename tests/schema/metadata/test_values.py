"""[A3 A4] Raw inputs become stored values, or are refused with a documented code."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata.fields import Choice, Field, OptionValue
from schema.metadata.types import DERIVED, FIELD_TYPES, LINKED, SHOWN
from schema.metadata.values import LONGEST_INTEGER, Money
from tenants.errors import Invalid


def field(type_name: str, **options: OptionValue) -> Field:
    return Field(
        "f", type_name, options=tuple(sorted(options.items())), choices=(Choice("a"), Choice("b"), Choice("old", True))
    )


def stored(type_name: str, raw: object, **options: OptionValue) -> object:
    return FIELD_TYPES[type_name].normalise(raw, field(type_name, **options))


def refused(type_name: str, raw: object, **options: OptionValue) -> str:
    with pytest.raises(Invalid) as caught:
        stored(type_name, raw, **options)
    return caught.value.code


def attempt(type_name: str, raw: object) -> object:
    """The stored value, or the fault."""
    try:
        return stored(type_name, raw, **({"maxLength": 2000} if type_name == "text" else {}))
    except Invalid as fault:
        return fault


@pytest.mark.parametrize(
    ("type_name", "raw", "expected"),
    [
        ("text", "  Ａｂｃ１２３\t张三 ", "Abc123 张三"),
        ("text", " \u3000 ", None),
        ("text", "😀", "😀"),
        ("longText", " 一\r\n二\r三 ", "一\n二\n三"),
        ("integer", "42", 42),
        ("integer", Decimal(7), 7),
        ("integer", LONGEST_INTEGER, LONGEST_INTEGER),
        ("decimal", "1e3", Decimal(1000)),
        ("decimal", "１２．５", Decimal("12.5")),
        ("decimal", "12345678901234567890.1234567891", Decimal("12345678901234567890.1234567891")),
        ("decimal", "-0.0", Decimal(0)),
        ("percent", 12.5, Decimal("12.5")),
        ("currency", {"amount": "12000.50", "currency": "usd"}, Money(Decimal("12000.5"), "USD")),
        ("currency", {"amount": 3}, Money(Decimal(3), "CNY")),
        ("currency", Money(Decimal("1.25"), "EUR"), Money(Decimal("1.25"), "EUR")),
        ("boolean", False, False),
        ("date", "2026-03-01", date(2026, 3, 1)),
        ("date", date(2026, 3, 1), date(2026, 3, 1)),
        ("dateTime", "2026-03-01T08:00:00+08:00", datetime(2026, 3, 1, tzinfo=UTC)),
        ("choice", "a", "a"),
        ("choice", " ", None),
        ("multiChoice", ["b", "a", "b"], ["a", "b"]),
        ("multiChoice", [], None),
        ("tags", [" 大客户 ", "VIP", "VIP", ""], ["大客户", "VIP"]),
        ("phone", " １３８ ０013-8000 ", "+8613800138000"),
        ("phone", "0571-88888888转801", "+8657188888888;ext=801"),
        ("phone", "+1 650 253 0000", "+16502530000"),
        ("email", " Li.Na@Demo.EXAMPLE ", "li.na@demo.example"),
        ("url", "WWW.Abc.com/Path?q=1", "https://www.abc.com/Path?q=1"),
        ("url", "http://localhost:8000/", "http://localhost:8000/"),
        ("rating", "５", 5),
        ("creditCode", " 9135 0100-m000100y43 ", "91350100M000100Y43"),
        ("creditCode", "９１１１０１０８５５１３８５０８２Ｑ", "91110108551385082Q"),
        ("creditCode", " ", None),
        ("barcode", " A-1 100% ", "A-1 100%"),
        ("person", "01890a5d-ac96-774b-bcce-b302099a8057", UUID("01890a5d-ac96-774b-bcce-b302099a8057")),
    ],
)
def test_input_becomes_its_stored_form(type_name: str, raw: object, expected: object) -> None:
    assert stored(type_name, raw) == expected


@pytest.mark.parametrize(
    ("type_name", "raw", "code"),
    [
        ("text", 5, "WRONG_TYPE"),
        ("text", "a\0b", "BAD_CHARACTERS"),
        ("text", "a\ud800", "BAD_CHARACTERS"),
        ("text", "x" * 256, "TOO_LONG"),
        ("longText", "x" * 1_000_000, "TOO_LONG"),
        ("integer", True, "WRONG_TYPE"),
        ("integer", "12.5", "WRONG_TYPE"),
        ("integer", "zwölf", "WRONG_TYPE"),
        ("integer", 2**63, "OUT_OF_RANGE"),
        ("decimal", "NaN", "WRONG_TYPE"),
        ("decimal", "Infinity", "WRONG_TYPE"),
        ("decimal", "1e30", "OUT_OF_RANGE"),
        ("decimal", "1e999999", "OUT_OF_RANGE"),
        ("decimal", "1e1000000", "OUT_OF_RANGE"),
        ("integer", "-1e1000000", "OUT_OF_RANGE"),
        ("currency", {"amount": "1e1000000"}, "OUT_OF_RANGE"),
        ("decimal", "1e20", "OUT_OF_RANGE"),
        ("decimal", "0.00000000001", "TOO_PRECISE"),
        ("percent", "100000", "OUT_OF_RANGE"),
        ("currency", "12", "WRONG_TYPE"),
        ("currency", {"amount": "x", "currency": "CNY"}, "WRONG_TYPE"),
        ("currency", {"amount": "1", "currency": "RMB"}, "UNKNOWN_CURRENCY"),
        ("currency", {"amount": "1.00001", "currency": "CNY"}, "TOO_PRECISE"),
        ("boolean", 1, "WRONG_TYPE"),
        ("date", "2026-02-30", "WRONG_TYPE"),
        ("date", datetime(2026, 3, 1, tzinfo=UTC), "WRONG_TYPE"),
        ("dateTime", "2026-03-01T08:00:00", "WRONG_TYPE"),
        ("dateTime", "0001-01-01T00:00:00+14:00", "WRONG_TYPE"),
        ("choice", "c", "UNKNOWN_CHOICE"),
        ("choice", "old", "UNKNOWN_CHOICE"),
        ("multiChoice", "a", "WRONG_TYPE"),
        ("multiChoice", ["a"] * 101, "TOO_MANY_ITEMS"),
        ("multiChoice", ["c"], "UNKNOWN_CHOICE"),
        ("tags", ["x" * 51], "TOO_LONG"),
        ("phone", "12345", "NOT_A_PHONE"),
        ("phone", "1" * 50, "NOT_A_PHONE"),
        ("phone", "call me", "NOT_A_PHONE"),
        ("email", "nobody", "NOT_AN_EMAIL"),
        ("email", "a" * 1_000_000 + "@b.cn", "NOT_AN_EMAIL"),
        ("url", "javascript://x", "NOT_A_URL"),
        ("url", "nowhere", "NOT_A_URL"),
        ("url", "http://[", "NOT_A_URL"),
        ("rating", 0, "OUT_OF_RANGE"),
        ("rating", 6, "OUT_OF_RANGE"),
        ("rating", "2.5", "WRONG_TYPE"),
        ("rating", True, "WRONG_TYPE"),
        ("rating", "五", "WRONG_TYPE"),
        ("creditCode", "91350100M000100Y44", "NOT_A_CREDIT_CODE"),
        ("creditCode", 91350100, "WRONG_TYPE"),
        ("barcode", "条码", "NOT_A_BARCODE"),
        ("barcode", "x" * 81, "NOT_A_BARCODE"),
        ("person", "not-an-id", "NOT_AN_ID"),
        ("person", "{01890a5d-ac96-774b-bcce-b302099a8057}", "NOT_AN_ID"),
        ("person", 7, "NOT_AN_ID"),
        ("persons", "not-a-list", "WRONG_TYPE"),
        ("persons", ["not-an-id"], "NOT_AN_ID"),
        ("persons", [str(UUID(int=1))] * 101, "TOO_MANY_ITEMS"),
        ("department", "7", "NOT_AN_ID"),
        ("autoNumber", 7, "WRONG_TYPE"),
    ],
)
def test_bad_input_has_its_documented_code(type_name: str, raw: object, code: str) -> None:
    assert refused(type_name, raw) == code


@pytest.mark.parametrize(
    ("type_name", "raw", "options", "code"),
    [
        ("text", "ab", {"minLength": 3}, "TOO_SHORT"),
        ("text", "abcd", {"maxLength": 3}, "TOO_LONG"),
        ("text", "AB12", {"pattern": "[A-Z]{2}-\\d{2}"}, "PATTERN_MISMATCH"),
        ("integer", 9, {"min": "10"}, "OUT_OF_RANGE"),
        ("percent", 101, {"max": "100"}, "OUT_OF_RANGE"),
        ("rating", 4, {"stars": 3}, "OUT_OF_RANGE"),
        ("barcode", "6901234567893", {"symbology": "gtin"}, "NOT_A_BARCODE"),
        ("barcode", "A-1", {"symbology": "gtin"}, "NOT_A_BARCODE"),
        ("currency", {"amount": "-1", "currency": "CNY"}, {"min": "0"}, "OUT_OF_RANGE"),
        ("decimal", "1.25", {"scale": 1}, "TOO_PRECISE"),
        ("date", "2026-03-01", {"min": "2026-03-02"}, "OUT_OF_RANGE"),
        ("dateTime", "2026-03-03T00:00:00Z", {"max": "2026-03-02T00:00:00+00:00"}, "OUT_OF_RANGE"),
    ],
)
def test_option_of_the_field_is_kept(type_name: str, raw: object, options: dict[str, OptionValue], code: str) -> None:
    assert refused(type_name, raw, **options) == code


def test_name_with_a_normal_form_stays_as_written() -> None:
    assert stored("text", " 云启(杭州)有限责任公司 ", normalForm="company") == "云启(杭州)有限责任公司"


@pytest.mark.parametrize("type_name", sorted(FIELD_TYPES.keys() - DERIVED - LINKED - SHOWN))
def test_nothing_stays_nothing(type_name: str) -> None:
    assert stored(type_name, None) is None


@pytest.mark.parametrize("type_name", ["text", "longText"])
@pytest.mark.parametrize(
    ("raw", "expected"), [("\u200b", None), (" \ufeff\u2060 \u200b", None), ("\u200bx", "\u200bx")]
)
def test_what_nobody_sees_is_nothing(type_name: str, raw: str, expected: str | None) -> None:
    assert stored(type_name, raw) == expected


@given(st.text(max_size=80))
def test_text_is_stable_once_stored(raw: str) -> None:
    once = attempt("text", raw)

    if isinstance(once, Invalid):
        assert once.code == "BAD_CHARACTERS"
    else:
        assert stored("text", once, maxLength=2000) == once
        assert once is None or unicodedata.is_normalized("NFKC", str(once))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15))
def test_money_keeps_its_exact_amount(amount: Decimal) -> None:
    assert stored("currency", {"amount": str(amount), "currency": "CNY"}) == Money(amount, "CNY")


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()), st.dates()))
def test_no_input_raises_anything_but_a_fault(raw: object) -> None:
    for type_name in FIELD_TYPES:
        answer = attempt(type_name, raw)
        if isinstance(answer, Invalid):
            assert answer.message("zh")
            assert answer.message("en")
