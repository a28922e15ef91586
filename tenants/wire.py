"""The messages of PostgreSQL's extended protocol as bytes: what a flight sends, and the failure that may come back.

Arguments travel as text, which every type of PostgreSQL reads; answers come back as they are stored. Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg

# What the server's messages begin with, as far as a flight listens.
PARSED: Final = ord("1")
BOUND: Final = ord("2")
ROW: Final = ord("D")
FAILURE: Final = ord("E")
READY: Final = ord("Z")
# That, and how long the message is without it.
HEAD: Final = struct.Struct("!BI")
_NUMBER: Final = struct.Struct("!i")
_COUNT: Final = struct.Struct("!h")
_NULL: Final = _NUMBER.pack(-1)
# The head of a row message and three columns, two of them of one byte: how reads answer, with what they checked before it.
_CHECKED: Final = struct.Struct("!BIhicici")
_COLUMNS_CHECKED: Final = 3
# All columns in binary form.
_BINARY: Final = _COUNT.pack(1) + _COUNT.pack(1)
_NAMED = ord("S")
_NO_TEXT = "a text is none"


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + _NUMBER.pack(len(body) + 4) + body


EXECUTE: Final = _message(b"E", b"\0" + _NUMBER.pack(0))
SYNC: Final = _message(b"S", b"")


def parse(name: str, text: str) -> bytes:
    """Prepare a statement; the types of its parameters follow from its text."""
    return _message(b"P", name.encode() + b"\0" + text.encode() + b"\0" + _COUNT.pack(0))


def close(name: str) -> bytes:
    """Let a prepared statement go."""
    return _message(b"C", bytes([_NAMED]) + name.encode() + b"\0")


def bind(name: str, arguments: Sequence[object] = ()) -> bytes:
    """Give a prepared statement its arguments; `asyncpg.DataError` if one has no text."""
    try:
        values = b"".join([_MEASURED.get(type(each), _other_measured)(each) for each in arguments])
    except UnicodeEncodeError:
        raise asyncpg.DataError(_NO_TEXT) from None
    return _message(b"B", b"\0%b\0\0\0%b%b%b" % (name.encode(), _COUNT.pack(len(arguments)), values, _BINARY))


def once(text: str) -> bytes:
    """One statement without arguments that keeps no name, and the end of what is sent."""
    return parse("", text) + bind("") + EXECUTE + SYNC


def only_row(data: bytes, at: int, end: int) -> list[bytes | None] | None:
    """The columns of the row message that fills `data` from one place to another; nothing if anything else is there."""
    if end - at >= _CHECKED.size:
        kind, size, count, first, one, second, other, length = _CHECKED.unpack_from(data, at)
        body = at + _CHECKED.size
        if kind == ROW and at + 1 + size == end == body + length and count == _COLUMNS_CHECKED and first == second == 1:
            return [one, other, data[body:end]]
    if end - at < HEAD.size:
        return None
    kind, size = HEAD.unpack_from(data, at)
    return columns(data[at + HEAD.size : end]) if kind == ROW and at + 1 + size == end else None


def columns(row: bytes) -> list[bytes | None]:
    """The columns of a row message."""
    (count,) = _COUNT.unpack_from(row)
    at = _COUNT.size
    found: list[bytes | None] = []
    for _ in range(count):
        (size,) = _NUMBER.unpack_from(row, at)
        at += _NUMBER.size
        if size < 0:
            found.append(None)
            continue
        found.append(row[at : at + size])
        at += size
    return found


def failure(body: bytes, text: str) -> asyncpg.PostgresError:
    """What a failure message says, as the error that asyncpg makes of it."""
    fields = {each[:1].decode(): each[1:].decode("utf-8", "replace") for each in body.split(b"\0") if each}
    made: asyncpg.PostgresError = asyncpg.PostgresError.new(fields, query=text)
    return made


def _other(given: object) -> bytes:
    """A value of a type that only derives from one that has a text."""
    for type_, text in _TEXTS.items():
        if isinstance(given, type_):
            return text(given)
    raise asyncpg.DataError(f"no text for {type(given).__name__}")


def _list(given: Sequence[object]) -> bytes:
    return b"{" + b",".join(map(_item, given)) + b"}"


def _item(given: object) -> bytes:
    if given is None:
        return b"NULL"
    text = _TEXTS.get(type(given), _other)(given)
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


# A list in a list is not among them: no statement of ours takes one.
_TEXTS: Final[Mapping[type, Callable[[Any], bytes]]] = {  # each is given a value of its type
    UUID: lambda given: b"%032x" % given.int,
    str: str.encode,
    bool: lambda given: b"t" if given else b"f",
    int: lambda given: b"%d" % given,
    Decimal: lambda given: str(given).encode(),
    float: lambda given: repr(given).encode(),
    datetime: lambda given: given.isoformat().encode(),
    date: lambda given: given.isoformat().encode(),
    time: lambda given: given.isoformat().encode(),
    list: _list,
    tuple: _list,
}


def _measured(text: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """The same with how long it is before it, as an argument stands in a message."""

    def measured(given: object) -> bytes:
        found = text(given)
        return _NUMBER.pack(len(found)) + found

    return measured


_other_measured: Final = _measured(_other)
_MEASURED: Final[Mapping[type, Callable[[Any], bytes]]] = {
    **{kind: _measured(text) for kind, text in _TEXTS.items()},
    type(None): lambda _: _NULL,
}
