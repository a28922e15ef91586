from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from graphql import GraphQLError, parse_value, value_from_ast
from hypothesis import given
from hypothesis import strategies as st

from schema.sdl.scalars import (
    SCALARS,
    literal,
    read_date,
    read_date_time,
    read_decimal,
    read_long,
    write_date_time,
    write_decimal,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12.50", Decimal("12.50")),
        (3, Decimal(3)),
        (0.1, Decimal("0.1")),
        (Decimal("1E+2"), Decimal(100)),
        ("-0.0001", Decimal("-0.0001")),
    ],
)
def test_decimal_is_read_exactly(raw: object, expected: Decimal) -> None:
    assert read_decimal(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "1e9",
        "NaN",
        "١٢",
        "12,5",
        "1" * 39,
        True,
        None,
        [],
        float("inf"),
        Decimal("NaN"),
        Decimal("1e999999999"),
        Decimal("-1e-999999999"),
        1e300,
    ],
)
def test_what_is_no_decimal_is_refused(raw: object) -> None:
    with pytest.raises(GraphQLError, match="A decimal number is expected"):
        read_decimal(raw)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4))
def test_decimal_is_written_so_that_it_is_read_back(number: Decimal) -> None:
    text = write_decimal(number)

    assert read_decimal(text) == number
    assert not text.endswith((".", "0")) or "." not in text


def test_long_is_bounded_by_64_bits() -> None:
    assert read_long(str(2**63 - 1)) == 2**63 - 1
    assert read_long(-(2**63)) == -(2**63)
    for raw in (2**63, str(-(2**63) - 1), True, "1.0", 1.5, None):
        with pytest.raises(GraphQLError, match="64 bits"):
            read_long(raw)


def test_date_is_a_real_day() -> None:
    assert read_date("2024-02-29") == date(2024, 2, 29)
    for raw in ("2023-02-29", "2024-2-9", "20240229", "2024-W09-4", 20240229, None):
        with pytest.raises(GraphQLError, match="A date like"):
            read_date(raw)


def test_moment_needs_its_offset_and_is_kept_in_utc() -> None:
    assert read_date_time("2026-03-31T09:30:00+08:00") == datetime(2026, 3, 31, 1, 30, tzinfo=UTC)
    assert read_date_time("2026-03-31T01:30:00.5Z") == datetime(2026, 3, 31, 1, 30, 0, 500000, tzinfo=UTC)
    for raw in ("2026-03-31T09:30:00", "2026-03-31", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", None):
        with pytest.raises(GraphQLError, match="A moment with its offset"):
            read_date_time(raw)


def test_moment_is_written_in_utc_with_microseconds() -> None:
    moment = datetime(2026, 3, 31, 9, 30, tzinfo=timezone(timedelta(hours=8)))

    assert write_date_time(moment) == "2026-03-31T01:30:00.000000Z"


def test_literals_keep_the_exact_text_of_a_number() -> None:
    assert literal(parse_value("0.1000000000000000055")) == Decimal("0.1000000000000000055")
    assert literal(parse_value("12345678901234567890123")) == Decimal(12345678901234567890123)
    with pytest.raises(GraphQLError, match="single value"):
        literal(parse_value("[1]"))


@pytest.mark.parametrize("name", ["Decimal", "Long", "Date", "DateTime"])
def test_every_row_makes_a_type_that_reads_literals_and_variables_alike(name: str) -> None:
    text = {"Decimal": "1.5", "Long": "15", "Date": "2026-01-31", "DateTime": "2026-01-31T00:00:00Z"}[name]
    made = SCALARS[name].graphql()

    assert value_from_ast(parse_value(f'"{text}"'), made) == made.coerce_input_value(text)
