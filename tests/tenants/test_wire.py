"""Messages as bytes: what PostgreSQL reads, and the errors made of what it says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenants import wire


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UUID("01900000-0000-7000-8000-00000000000a"), b"01900000000070008000" + b"00000000000a"),
        ("客制", "客制".encode()),
        (True, b"t"),
        (False, b"f"),
        (-7, b"-7"),
        (Decimal("1E+3"), b"1E+3"),
        (0.5, b"0.5"),
        (datetime(2025, 1, 2, 3, 4, 5, 6, tzinfo=UTC), b"2025-01-02T03:04:05.000006+00:00"),
        (date(1, 2, 3), b"0001-02-03"),
        (date(9999, 12, 31), b"9999-12-31"),
        ([], b"{}"),
        (["a", None, 'b"\\'], b'{"a",NULL,"b\\"\\\\"}'),
        ((1, 2), b'{"1","2"}'),
    ],
)
def test_argument_is_sent_as_its_text(value: object, text: bytes) -> None:
    size = len(text).to_bytes(4, "big")

    assert wire.bind("k1", [value]) == b"B" + (20 + len(text)).to_bytes(4, "big") + (
        b"\0k1\0" + b"\0\0" + b"\0\1" + size + text + b"\0\1\0\1"
    )


def test_no_value_has_no_text() -> None:
    assert wire.bind("", [None]) == b"B\0\0\0\x12" + b"\0\0" + b"\0\0" + b"\0\1" + b"\xff\xff\xff\xff" + b"\0\1\0\1"


@pytest.mark.parametrize("value", ["\ud800", object(), [object()]])
def test_argument_without_a_text_is_refused(value: object) -> None:
    with pytest.raises(asyncpg.DataError):
        wire.bind("", [value])


def sent(columns: list[bytes | None]) -> bytes:
    """A row as the server sends it, without its head."""
    parts = [b"\xff\xff\xff\xff" if each is None else len(each).to_bytes(4, "big") + each for each in columns]
    return len(columns).to_bytes(2, "big") + b"".join(parts)


def test_row_is_taken_apart() -> None:
    assert wire.columns(b"\0\3" + b"\0\0\0\1\1" + b"\xff\xff\xff\xff" + b"\0\0\0\0") == [b"\1", None, b""]


@given(st.lists(st.none() | st.binary(max_size=2) | st.binary(max_size=40), max_size=4))
@example([b"\1", b"\1", b"{}"])
@example([b"\1", b"\1", b""])
@example([b"\1", b"\0", None])
@example([b"\1", b"\1", b"{}", b""])
@example([b"\1\1", b"\1", b"{}"])
def test_any_row_is_taken_apart(columns: list[bytes | None]) -> None:
    assert wire.columns(sent(columns)) == columns


@given(
    st.lists(st.none() | st.binary(max_size=2) | st.binary(max_size=40), max_size=4),
    st.binary(max_size=5),
    st.binary(max_size=5),
)
@example([b"\1", b"\1", b"{}"], b"before", b"")
@example([b"\1", b"\0", None], b"", b"behind")
def test_a_row_is_found_where_it_fills_the_place(columns: list[bytes | None], before: bytes, behind: bytes) -> None:
    row = sent(columns)
    message = b"D" + (len(row) + 4).to_bytes(4, "big") + row
    end = len(before) + len(message)

    assert wire.only_row(before + message + behind, len(before), end) == columns
    assert wire.only_row(before + message + behind + b"Z", len(before), end + 1) is None
    assert wire.only_row(before + message + behind, len(before), end - 1) is None
    assert wire.only_row(before + b"C" + message[1:] + behind, len(before), end) is None


def test_failure_is_the_error_that_asyncpg_would_raise() -> None:
    found = wire.failure(b"SERROR\0C22012\0Mdivision by zero\0\0", "SELECT 1 / 0")

    assert (type(found), str(found), found.sqlstate) == (asyncpg.DivisionByZeroError, "division by zero", "22012")


def test_statements_are_named() -> None:
    assert wire.parse("k1", "SELECT") == b"P\0\0\0\x10k1\0SELECT\0\0\0"
    assert wire.close("k1") == b"C\0\0\0\x08Sk1\0"


def test_statement_without_a_name_ends_what_is_sent() -> None:
    assert wire.once("ROLLBACK") == wire.parse("", "ROLLBACK") + wire.bind("") + wire.EXECUTE + wire.SYNC
