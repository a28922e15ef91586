"""[H1] Cursors come back as the values that they were made of, or are refused; nothing a client sends gets through raw."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata.types import Output
from services.query.cursors import CursorUse, decode
from services.query.errors import CursorMalformed, CursorMismatch

USE = CursorUse(0, "abc", (Output.TEXT, Output.ID), (True, False))
ID = "018bcfe5-6801-7064-8000-000000000001"


def encode(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Output.TEXT, '华夏\n"', '华夏\n"'),
        (Output.ID, ID, UUID(ID)),
        (Output.INT, 3, 3),
        (Output.LONG, "9007199254740993", 9007199254740993),
        (Output.DECIMAL, "12.5", Decimal("12.5")),
        (Output.BOOLEAN, False, False),
        (Output.DATE, "2026-03-31", date(2026, 3, 31)),
        (Output.DATETIME, "2026-03-31T18:30:15.123456Z", datetime(2026, 3, 31, 18, 30, 15, 123456, tzinfo=UTC)),
    ],
)
def test_values_come_back(kind: Output, written: object, value: object) -> None:
    use = CursorUse(0, "abc", (kind,), (False,))

    assert decode(encode(["abc", written]), use) == (value,)


def test_empty_values_come_back_where_a_key_may_be_empty() -> None:
    assert decode(encode(["abc", None, ID]), USE) == (None, UUID(ID))


def test_no_cursor_is_nothing() -> None:
    assert decode(None, USE) is None


@pytest.mark.parametrize("content", [["abd", "x", ID], ["abc", "x"], ["abc", "x", ID, ID]])
def test_another_order_is_a_mismatch(content: object) -> None:
    with pytest.raises(CursorMismatch):
        decode(encode(content), USE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "a" * 5000,
        "华",
        7,
        encode({}),
        encode([]),
        encode([1]),
        encode(["abc", "x", None]),
        encode(["abc", "x\0", ID]),
        encode(["abc", 5, ID]),
        encode(["abc", "x", "no id"]),
        encode(["abc", "\ud800", ID]),
    ],
)
def test_anything_else_is_malformed(text: object) -> None:
    with pytest.raises(CursorMalformed):
        decode(text, USE)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Output.INT, 2**63),
        (Output.INT, True),
        (Output.LONG, "x"),
        (Output.DECIMAL, "x"),
        (Output.BOOLEAN, "true"),
        (Output.DATE, "31.3.2026"),
        (Output.DATETIME, "now"),
        (Output.DECIMAL, 1.5),
        (Output.DATETIME, "2026-03-31T18:30:15"),
        (Output.DATETIME, "0001-01-01T00:00:00+23:59"),
        (Output.DATETIME, "9999-12-31T23:59:59-23:59"),
    ],
)
def test_values_of_another_type_are_malformed(kind: Output, written: object) -> None:
    with pytest.raises(CursorMalformed):
        decode(encode(["abc", written]), CursorUse(0, "abc", (kind,), (False,)))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises((CursorMalformed, CursorMismatch)):
        decode(text, USE)
