"""SQL of functions grows with its arguments and no faster: what is written once stands there once."""

from __future__ import annotations

import pytest

from services.expressions import fragments as f
from services.expressions.fragments import MoneySql
from tenants.sql import Fragment, render, sql

A, B, C = sql("a"), sql("b"), sql("c")


def text(fragment: Fragment) -> str:
    return render(fragment).bind("t", lambda slot: slot.field_name)


def test_bounds_are_checked_without_writing_a_value_twice() -> None:
    assert text(f.add(A, B)) == "nullif(nullif(greatest(least(round(a + b, 10), 1e28), -1e28), 1e28), -1e28)"


@pytest.mark.parametrize(
    "writer", [f.divide, f.remainder, f.day_after, f.later, f.add_months, f.leftmost, f.add, f.day_before, f.earlier]
)
def test_an_argument_stands_in_the_text_once(writer: f.Writer) -> None:
    written = writer(sql("first_argument"), sql("second_argument"))

    assert isinstance(written, Fragment)
    assert text(written).count("first_argument") == 1
    assert text(written).count("second_argument") == 1


def test_money_asks_once_whether_its_currencies_are_the_same() -> None:
    one, other = MoneySql(A, (B,)), MoneySql(C, (sql("d"),))
    both = f.sum_of(f.add)(one, other)

    assert text(one.checked) == "a"
    assert isinstance(both, MoneySql)
    assert text(both.checked) == f"(CASE WHEN b = d THEN {text(f.add(A, C))} END)"
    assert text(both.currency) == f"(CASE WHEN {text(both.checked)} IS NOT NULL THEN b END)"


def test_money_of_one_field_needs_no_question() -> None:
    one = MoneySql(A, (B,))
    both = f.sum_of(f.add)(one, one)

    assert isinstance(both, MoneySql)
    assert both.currencies == (B,)


def test_texts_are_ordered_by_code_point_on_every_server() -> None:
    written = f.ordered("<")(A, B)

    assert isinstance(written, Fragment)
    assert text(written) == '(a < b COLLATE "C")'
