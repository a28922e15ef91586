"""Opaque cursors: base64url of a JSON list of the order's hash and the values of its keys.

The statement writes them; here they are read back, checked against the order in use, and turned into parameters.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from schema.metadata.types import Output
from services.query.errors import CursorMalformed, CursorMismatch
from services.query.operands import decimal_of, seconds_of

_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class CursorUse:
    """Where a plan takes a cursor: the position of its text among the values, and the order it must belong to."""

    position: int
    order_hash: str
    kinds: tuple[Output, ...]
    nullable: tuple[bool, ...]


def decode(text: object, use: CursorUse) -> tuple[object, ...] | None:
    """The values of the keys; nothing if no cursor was given."""
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise CursorMalformed
    try:
        content = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise CursorMalformed from None
    if not isinstance(content, list) or not content or not isinstance(content[0], str):
        raise CursorMalformed
    if content[0] != use.order_hash or len(content) != len(use.kinds) + 1:
        raise CursorMismatch
    return tuple(
        _value(raw, kind, nullable=nullable)
        for raw, kind, nullable in zip(content[1:], use.kinds, use.nullable, strict=True)
    )


def _value(raw: object, kind: Output, *, nullable: bool) -> object:
    if raw is None and nullable:
        return None
    try:
        return _READERS[kind](raw)
    except (TypeError, ValueError, ArithmeticError):
        raise CursorMalformed from None


def _text(raw: object) -> str:
    if not isinstance(raw, str) or "\0" in raw:
        raise ValueError(raw)
    raw.encode()
    return raw


def _int(raw: object) -> int:
    number = int(raw) if isinstance(raw, str) else raw
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) >= 2**63:
        raise ValueError(raw)
    return number


def _boolean(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError(raw)
    return raw


def _moment(raw: object) -> datetime:
    moment = datetime.fromisoformat(_text(raw))
    if moment.tzinfo is None:
        raise ValueError(raw)
    # Out of range in UTC is out of range for the database, too.
    return moment.astimezone(UTC)


_READERS: Mapping[Output, Callable[[object], object]] = {
    Output.TEXT: _text,
    Output.ID: lambda raw: UUID(_text(raw)),
    Output.INT: _int,
    Output.LONG: _int,
    Output.DECIMAL: lambda raw: decimal_of(_text(raw)),
    Output.BOOLEAN: _boolean,
    Output.DATE: lambda raw: date.fromisoformat(_text(raw)),
    Output.DATETIME: _moment,
    Output.TIME: lambda raw: time.fromisoformat(_text(raw)),
    Output.DURATION: lambda raw: seconds_of(_text(raw)),
}
