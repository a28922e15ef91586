"""Quoted values, and the choices of a field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from services.expressions import literals
from services.expressions.tree import Constant
from services.expressions.types import DATE, DATETIME, ID, NUMBER, TEXT, Kind, Type
from tests.services.expressions.asking import REGISTRY


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("date", "2024-02-29", Constant(date(2024, 2, 29), DATE)),
        ("date", "2023-02-29", None),
        ("dateTime", "2026-03-01T00:00:00+08:00", Constant(datetime(2026, 2, 28, 16, tzinfo=UTC), DATETIME)),
        ("dateTime", "2026-03-01T00:00:00", None),
        ("dateTime", "0001-01-01T00:00:00+08:00", None),
        ("id", "00000000-0000-0000-0000-00000000000b", Constant(UUID(int=11), ID)),
        ("id", "b", None),
    ],
)
def test_a_quoted_value_is_read_or_refused(name: str, text: str, expected: Constant | None) -> None:
    assert literals.literal(name, text) == expected


def test_currencies_are_those_of_iso_4217() -> None:
    assert literals.is_currency(Constant("CNY", TEXT))
    assert not literals.is_currency(Constant("RMB", TEXT))
    assert not literals.is_currency(Constant(Decimal(1), NUMBER))


def test_choices_have_their_words() -> None:
    found = literals.choices(REGISTRY, Type(Kind.CHOICE, "deal.stage"))

    assert found == {"open": ("open中", "OPEN"), "won": ("won中", "WON"), "lost": ("lost中", "LOST")}
