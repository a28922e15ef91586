"""Constants as JSON has them, beside a tree that has parameters in their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.expressions.tree import Scalar
from services.expressions.types import Kind
from services.expressions.values import number_text

# Any: parsed JSON, which the writer below has made.
_READERS: Mapping[Kind, Callable[[Any], Scalar]] = {
    Kind.BOOLEAN: bool,
    Kind.NUMBER: Decimal,
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.DATE: date.fromisoformat,
    Kind.DATETIME: datetime.fromisoformat,
    Kind.RECORD: UUID,
}


def write_scalar(value: Scalar) -> bool | str:
    """A constant for JSON."""
    match value:
        case bool() | str():
            return value
        case Decimal():
            return number_text(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)


def read_scalar(kind: Kind, stored: object) -> Scalar:
    """The constant again."""
    return _READERS[kind](stored)
