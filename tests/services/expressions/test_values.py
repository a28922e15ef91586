"""[H1] Functions on values are total: nothing raises, and what cannot be is empty. Their twins in SQL are compared with
them in `tests/services/query/test_expression_fuzz.py`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.expressions import values as v

D = Decimal
MOST = D("9999999999999999999999999999.9999999999")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (v.add(MOST, D("0.0000000001")), None),
        (v.subtract(MOST.copy_negate(), D(1)), None),
        (v.multiply(D("0.0000000005"), D("0.1")), D("0.0000000001")),
        (v.multiply(D("0.0000000005"), D("-0.1")), D("-0.0000000001")),
        (v.multiply(D(10) ** 20, D(10) ** 20), None),
        (v.divide(D(1), D(3)), D("0.3333333333")),
        (v.divide(D(-2), D(3)), D("-0.6666666667")),
        (v.divide(D(1), D("2000000000")), D("0.0000000005")),
        (v.divide(D(1), D("20000000000")), D("0.0000000001")),
        (v.divide(D(-1), D("20000000000")), D("-0.0000000001")),
        (v.divide(MOST, D(7)), D("1428571428571428571428571428.5714285714")),
        (v.divide(D(10) ** 27, D("0.0000000001")), None),
        (v.divide(D(1), D(0)), None),
        (v.remainder(D(-7), D(3)), D(-1)),
        (v.remainder(D("7.5"), D("-2")), D("1.5")),
        (v.remainder(D(1), D(0)), None),
        (v.rounded(D("2.5"), D(0)), D(3)),
        (v.rounded(D("-2.5"), D(0)), D(-3)),
        (v.rounded(D("1.005"), D(2)), D("1.01")),
        (v.rounded(D("1.55"), D(-5)), D(2)),
        (v.rounded(D("1.55"), D("99.9")), D("1.55")),
        (v.whole(D("0.5")), D(1)),
        (v.floor(D("-0.1")), D(-1)),
        (v.floor(MOST.copy_negate()), None),
        (v.ceiling(MOST), None),
        (v.negate(MOST), MOST.copy_negate()),
        (v.least(None, D(2), D(1)), D(1)),
        (v.greatest(None, None), None),
        (v.stretch(D("0.000001"), D("0.5")), D("0.000001")),
        (v.seconds(60)(D("1.5")), D(90)),
        (v.seconds(86400)(MOST), None),
    ],
)
def test_numbers_are_exact_and_bounded(found: Any, expected: Any) -> None:
    assert found == expected


@pytest.mark.parametrize(
    ("given", "conjunction", "disjunction"),
    [
        ((True, True), True, True),
        ((True, None), None, True),
        ((False, None), False, None),
        ((None, None), None, None),
        ((True, False, None), False, True),
    ],
)
def test_truth_has_three_values(given: tuple[bool | None, ...], *, conjunction: Any, disjunction: Any) -> None:
    assert v.every(*given) is conjunction
    assert v.some(*given) is disjunction


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (v.member(1, [1, None]), True),
        (v.member(2, [1, None]), None),
        (v.member(2, [1]), False),
        (v.member(None, [1]), None),
        (v.member(1, None), None),
        (v.member(None, []), False),
        (v.conditional(None, 1, 2), 2),
        (v.first(None, 0, 1), 0),
        (v.first(None), None),
        (v.is_empty(""), True),
        (v.is_empty([]), True),
        (v.is_empty(" "), False),
        (v.is_empty(D(0)), False),
        (v.has_any(["a"], ["b", None]), False),
        (v.has_any(["a"], ["b", "a"]), True),
        (v.has_all(["a", "b"], ["b", "a"]), True),
        (v.has_all(["a"], ["a", None]), False),
    ],
)
def test_lists_and_emptiness(found: Any, expected: Any) -> None:
    assert found is expected or found == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (v.lower("ÄBC华Z"), "Äbc华z"),
        (v.upper("äbcß"), "äBCß"),
        (v.trim("\u3000 a \t\r\n"), "\u3000 a"),
        (v.leftmost("华夏科技", D("2.9")), "华夏"),
        (v.leftmost("abc", D(-1)), ""),
        (v.rightmost("abc", D(2)), "bc"),
        (v.rightmost("abc", D(0)), ""),
        (v.length("华😀"), D(2)),
        (v.number_text(D("-0.50")), "-0.5"),
        (v.number_text(D("-0.0")), "0"),
        (v.number_text(D("1E+3")), "1000"),
        (v.day_text(date(33, 1, 2)), "0033-01-02"),
    ],
)
def test_texts_are_code_points(found: Any, expected: Any) -> None:
    assert found == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (v.day_after(date(9999, 12, 31), D(86400)), None),
        (v.day_after(date(2026, 3, 1), D(-86399)), date(2026, 3, 1)),
        (v.day_before(date(1, 1, 1), D(86400)), None),
        (v.day_before(date(2026, 3, 1), D(86400)), date(2026, 2, 28)),
        (v.day_after(date(2026, 3, 1), MOST), None),
        (v.later(datetime(9999, 12, 31, 23, tzinfo=UTC), D(3600)), None),
        (v.later(datetime(2026, 1, 1, tzinfo=UTC), D("0.000001")), datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
        (v.later(datetime(2026, 1, 1, tzinfo=UTC), MOST), None),
        (v.earlier(datetime(1, 1, 1, tzinfo=UTC), D(1)), None),
        (v.since(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)), D("86399.999999")),
        (v.days_since(date(2026, 3, 1), date(2026, 2, 28)), D(86400)),
        (v.add_months(date(2024, 1, 31), D(1)), date(2024, 2, 29)),
        (v.add_months(date(2024, 2, 29), D(-12)), date(2023, 2, 28)),
        (v.add_months(date(9999, 12, 1), D(1)), None),
        (v.add_months(date(1, 1, 1), D(-1)), None),
        (v.add_months(date(2024, 1, 1), MOST), None),
        (v.day_of(datetime(2026, 3, 31, 18, tzinfo=UTC), ZoneInfo("Asia/Shanghai")), date(2026, 4, 1)),
        (v.day_of(datetime(9999, 12, 31, 18, tzinfo=UTC), ZoneInfo("Asia/Shanghai")), None),
    ],
)
def test_time_stays_between_the_years_1_and_9999(found: Any, expected: Any) -> None:
    assert found == expected


def test_money_of_different_currencies_has_no_sum() -> None:
    cny, usd = v.money(D(1), "CNY"), v.money(D(2), "USD")
    plus = v.of_one_currency(v.add, answers_money=True)

    assert plus(cny, cny) == v.money(D(2), "CNY")
    assert plus(cny, usd) is None
    assert plus(cny, None) is None
    assert v.on_amount(v.multiply)(usd, D(3)) == v.money(D(6), "USD")
    assert v.on_amount(v.divide)(usd, D(0)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.0000000001", True), ("0.00000000001", False), (str(MOST), True), ("1E+28", False), ("1E+27", True)],
)
def test_a_number_has_28_and_10_digits(text: str, *, expected: bool) -> None:
    assert v.is_number(D(text)) is expected
