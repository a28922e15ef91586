"""The scalars of the API, one row each: its text form, its Python value and how an input becomes one.

Strawberry's static types and the generated record types use the same rows, so both paths read and write alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from graphql import (
    BooleanValueNode,
    FloatValueNode,
    GraphQLError,
    GraphQLScalarType,
    IntValueNode,
    StringValueNode,
    ValueNode,
)

from schema.metadata import durations
from schema.metadata.times import read_time

_DECIMAL = re.compile(r"-?[0-9]{1,38}(\.[0-9]{1,38})?\Z")
# Nothing that the pattern takes is larger; written out, a number like 1e999999999 would fill the memory.
_MOST_DIGITS = 100
_WHOLE = re.compile(r"-?[0-9]{1,19}\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
_LONG_MIN, _LONG_MAX = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Scalar:
    """One row: how a Python value is written, and how an input (text, number) is read."""

    name: str
    python: object
    description: str
    write: Callable[[Any], object]  # Any: the Python type differs by row
    read: Callable[[object], object]

    def read_literal(self, node: ValueNode, _variables: object = None) -> object:
        """The value of a literal in the document."""
        try:
            return self.read(literal(node))
        except GraphQLError as error:
            # The document is where it is told from, so the complaint has to say where in it.
            raise GraphQLError(error.message, node) from None

    def graphql(self) -> GraphQLScalarType:
        """The graphql-core type of this row."""
        return GraphQLScalarType(
            self.name,
            description=self.description,
            coerce_output_value=self.write,
            coerce_input_value=self.read,
            coerce_input_literal=self.read_literal,
        )


def literal(node: ValueNode) -> object:
    """The value of a literal in the document; numbers keep their exact text."""
    match node:
        case StringValueNode() | BooleanValueNode():
            return node.value
        case IntValueNode():
            return int(node.value) if _WHOLE.match(node.value) else Decimal(node.value)
        case FloatValueNode():
            return Decimal(node.value)
    msg = "A single value is expected."
    raise GraphQLError(msg)


def write_decimal(number: Decimal) -> str:
    """Plain notation without trailing zeros of the fraction."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_decimal(raw: object) -> Decimal:
    """A decimal from text or number; never through binary rounding of more digits than were written."""
    match raw:
        case bool():
            pass
        case Decimal() if raw.is_finite() and abs(raw.adjusted()) <= _MOST_DIGITS:
            raw = format(raw, "f")
        case int():
            raw = str(raw)
        case float():
            raw = format(Decimal(repr(raw)), "f")
    if not isinstance(raw, str) or not _DECIMAL.match(raw):
        msg = 'A decimal number is expected, as text like "12.50".'
        raise GraphQLError(msg)
    return Decimal(raw)


def read_long(raw: object) -> int:
    """A whole number of 64 bits from text or number."""
    if isinstance(raw, str) and _WHOLE.match(raw):
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not _LONG_MIN <= raw <= _LONG_MAX:
        msg = 'A whole number of at most 64 bits is expected, as text like "1200".'
        raise GraphQLError(msg)
    return raw


def read_date(raw: object) -> date:
    """A calendar day."""
    if isinstance(raw, str) and _DATE.match(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    msg = 'A date like "2026-03-31" is expected.'
    raise GraphQLError(msg)


def write_date_time(moment: datetime) -> str:
    """UTC with six digits of the second, the same text that the database writes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_date_time(raw: object) -> datetime:
    """A moment; the offset must be written."""
    if isinstance(raw, str) and _DATE_TIME.match(raw):
        try:
            return datetime.fromisoformat(raw).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    msg = 'A moment with its offset like "2026-03-31T09:30:00+08:00" is expected.'
    raise GraphQLError(msg)


def read_time_of_day(raw: object) -> time:
    """A time of day to the second."""
    found = read_time(raw) if isinstance(raw, str) else None
    if found is None:
        msg = 'A time of day like "09:30" or "09:30:15" is expected.'
        raise GraphQLError(msg)
    return found


def read_duration(raw: object) -> timedelta:
    """A length of time."""
    found = durations.parse(raw) if isinstance(raw, str) else None
    if found is None:
        msg = 'A length of time after ISO 8601 like "PT1H30M" is expected, without years and months.'
        raise GraphQLError(msg)
    return found


class Upload:
    """A file that comes beside the JSON of its request, in a part of the body.

    It is known by the name of its part; the rest is told when its bytes have come.
    """

    def __init__(self, part: str) -> None:
        self.part = part
        self.digest = ""
        self.file_name = ""
        self.media_type = ""
        # Whether its place in the variables is one that takes files.
        self.is_wanted = False

    def __str__(self) -> str:
        return self.digest


def read_upload(raw: object) -> Upload:
    """A file of the request."""
    if not isinstance(raw, Upload):
        msg = "A file is expected, in a part of a multipart request."
        raise GraphQLError(msg)
    raw.is_wanted = True
    return raw


def _never_written(_: object) -> object:
    msg = "Files are answered as addresses."
    raise GraphQLError(msg)


_ROWS = (
    Scalar("Decimal", Decimal, "An exact decimal number, written as text.", write_decimal, read_decimal),
    Scalar("Long", "Long", "A whole number of 64 bits, written as text.", str, read_long),
    Scalar("Date", date, "A calendar day: `2026-03-31`.", date.isoformat, read_date),
    Scalar(
        "DateTime",
        datetime,
        "A moment in UTC with microseconds: `2026-03-31T01:30:00.000000Z`.",
        write_date_time,
        read_date_time,
    ),
    Scalar("Time", time, "A time of day to the second, in no zone: `09:30:00`.", time.isoformat, read_time_of_day),
    Scalar(
        "Duration",
        timedelta,
        "A length of time after ISO 8601: `PT1H30M`. A day is 24 hours, a week seven days.",
        durations.written,
        read_duration,
    ),
    Scalar("Upload", Upload, "A file in a part of a multipart request.", _never_written, read_upload),
)

SCALARS: Mapping[str, Scalar] = {row.name: row for row in _ROWS}


def _any(value: object) -> object:
    return value


JSON = GraphQLScalarType("JSON", description="Any JSON value.", coerce_output_value=_any, coerce_input_value=_any)
