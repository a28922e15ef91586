"""What is derived is kept as its type keeps what is entered: rounded, normal, and empty where it does not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from schema.metadata.fields import Field
from schema.metadata.results import fitted
from schema.metadata.types import Operators, Output
from schema.metadata.values import Money

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def formula(result: str, **options: int) -> Field:
    return Field("f", "formula", options=(("result", result), *sorted(options.items())))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (formula("text"), None, None),
        (formula("text"), "  全角 Ａ ", "全角 A"),
        (formula("text"), "   ", None),
        (formula("text"), "长" * 300, "长" * 255),
        (formula("decimal"), Decimal("0.00000000005"), Decimal("0.0000000001")),
        (formula("decimal", scale=2), Decimal("-1.005"), Decimal("-1.01")),
        (formula("decimal", scale=2), Decimal("1.5"), Decimal("1.5")),
        (formula("decimal"), Decimal(10) ** 20, None),
        (formula("integer"), Decimal("2.5"), 3),
        (formula("integer"), Decimal("-2.5"), -3),
        (formula("integer"), Decimal(10) ** 19, None),
        (formula("percent"), Decimal("33.33335"), Decimal("33.3334")),
        (formula("percent"), Decimal(100_000), None),
        (formula("currency"), Money(Decimal("1.00005"), "CNY"), Money(Decimal("1.0001"), "CNY")),
        (formula("currency"), Money(Decimal(10) ** 16, "CNY"), None),
        (formula("boolean"), False, False),
        (formula("date"), date(2026, 3, 1), date(2026, 3, 1)),
        (formula("dateTime"), NOON, NOON),
    ],
)
def test_value_is_kept_as_its_type_keeps_it(field: Field, value: object, expected: object) -> None:
    assert fitted(field, value) == expected


def test_derived_field_is_asked_for_like_one_of_the_type_of_its_result() -> None:
    money = formula("currency")

    assert (money.type.output, money.type.operators, money.parts) == (Output.MONEY, Operators.MONEY, ("", "currency"))
    assert (money.type.name, money.type.computed, money.type.may_be_unique) == ("formula", True, False)


def test_field_says_what_it_reads() -> None:
    field = Field("f", "rollUp", options=(("reads", ("line.amount", "line.head")), ("result", "integer")))

    assert field.reads == (("line", "amount"), ("line", "head"))
    assert Field("f", "text", options=(("reads", ("a.b",)),)).reads == ()
