from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from schema.metadata.fields import Field
from schema.metadata.values import Money
from services.records import stored
from services.records.stored import Column

NAME = Field("name", "text", is_unique=True, options=(("normalForm", "company"), ("sortKey", "pinyin")))
AMOUNT = Field("amount", "currency")
TEXT = 'text COLLATE "C"'
MOMENT = datetime(2026, 3, 1, 9, 30, 0, 5, tzinfo=timezone(timedelta(hours=8)))


def test_fields_become_columns_in_an_order_of_their_own() -> None:
    assert (
        stored.columns_of((NAME, AMOUNT))
        == stored.columns_of((AMOUNT, NAME))
        == (
            Column("amount", "", "numeric(20,4)"),
            Column("amount", "currency", "char(3)"),
            Column("name", "", TEXT),
            Column("name", "sort", TEXT),
            Column("name", "norm", TEXT),
        )
    )


def test_a_record_becomes_a_row_under_canonical_names() -> None:
    columns = stored.columns_of((NAME, AMOUNT))

    row = stored.row({"name": NAME, "amount": AMOUNT}, columns, {"amount": Money(Decimal("1.50"), "CNY")})

    assert row == {"v0": "1.50", "v1": "CNY", "v2": None, "v3": None, "v4": None}


def test_a_value_is_put_together_from_its_columns() -> None:
    assert stored.value_of(AMOUNT, {"": Decimal("1.5"), "currency": "CNY"}) == Money(Decimal("1.5"), "CNY")
    assert stored.value_of(AMOUNT, {"": None, "currency": None}) is None
    assert stored.value_of(NAME, {"": "甲", "sort": "jia", "norm": "甲"}) == "甲"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MOMENT, "2026-03-01T09:30:00.000005+08:00"),
        (date(2026, 3, 1), "2026-03-01"),
        (Decimal("1E+2"), "1E+2"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (["a"], ["a"]),
        (None, None),
    ],
)
def test_values_travel_without_loss(value: object, text: object) -> None:
    assert stored.transported(value) == text


@pytest.mark.parametrize(
    ("value", "remembered"),
    [
        (MOMENT, "2026-03-01T01:30:00.000005Z"),
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00.000000Z"),
        (date(2026, 3, 1), "2026-03-01"),
        (Decimal("1E+2"), "100"),
        (Money(Decimal("1E+2"), "CNY"), {"amount": "100", "currency": "CNY"}),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (True, True),
        ("甲", "甲"),
    ],
)
def test_history_spells_values_like_the_api(value: object, remembered: object) -> None:
    assert stored.remembered(value) == remembered
