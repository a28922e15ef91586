"""SQL of functions grows with its arguments and no faster: what is written once stands there once."""

from __future__ import annotations

from itertools import pairwise

import pytest

from services.expressions import fragments as f
from services.expressions.fragments import MoneySql, Sql
from services.expressions.functions import FUNCTIONS, Overload
from services.expressions.types import MONEY
from tenants.sql import Fragment, render, sql, value

A, B, C = sql("a"), sql("b"), sql("c")
ROWS = [
    pytest.param(row, place, id=f"{name} {number} {place}")
    for name, function in FUNCTIONS.items()
    for number, row in enumerate(function.overloads)
    for place in range(len(row.takes))
]


def text(fragment: Fragment) -> str:
    return render(fragment).bind("t", lambda slot: slot.field_name)


def test_bounds_are_checked_without_writing_a_value_twice() -> None:
    assert text(f.add(A, B)) == "nullif(nullif(greatest(least(round(a + b, 10), 1e28), -1e28), 1e28), -1e28)"


@pytest.mark.parametrize(("row", "place"), ROWS)
def test_each_nesting_of_a_function_in_any_of_its_arguments_adds_the_same_length(row: Overload, place: int) -> None:
    lengths = [len(text(plain(nested(row, place, depth)))) for depth in range(2, 8)]

    assert len({after - before for before, after in pairwise(lengths)}) == 1


def nested(row: Overload, place: int, depth: int) -> Sql:
    """A function in its own argument, whatever the types: who writes SQL does not ask for them."""
    inner = A if depth == 0 else plain(nested(row, place, depth - 1))
    given = [inner if number == place else B for number in range(len(row.takes))]
    zone = [sql("zone")] if row.zoned else []
    return row.writer(*(MoneySql(each, (C,)) if takes == MONEY else each
                        for takes, each in zip(row.takes, given, strict=True)), *zone)  # fmt: skip


def plain(written: Sql) -> Fragment:
    return written.checked if isinstance(written, MoneySql) else written


def test_a_sum_of_money_is_as_long_as_its_parts_are_many() -> None:
    lengths = []
    for count in (3, 5, 7):
        whole: Sql = MoneySql(A, (B,))
        for each in range(1, count):
            whole = f.sum_of(f.add)(whole, MoneySql(A, (value(each, "text"),)))
        lengths.append(len(text(plain(whole))))

    assert lengths[2] - lengths[1] == lengths[1] - lengths[0]


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
