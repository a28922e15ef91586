"""How the value of a field becomes columns, transport JSON and history, and comes back from a locked row. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata import companions, durations
from schema.metadata.addresses import Address
from schema.metadata.places import Point
from schema.metadata.secrets import HIDDEN, Sealed, Secret
from schema.metadata.types import Output
from schema.metadata.values import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schema.metadata.fields import Field


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a field: its part, and the SQL type that its values travel as."""

    field: str
    part: str
    type: str


def columns_of(fields: Iterable[Field]) -> tuple[Column, ...]:
    """The columns of these fields, in a stable order; a statement depends on nothing else of them."""
    return tuple(
        Column(field.name, part, field.type.columns[part])
        for field in sorted(fields, key=lambda each: each.name)
        for part in field.parts
    )


def key(position: int) -> str:
    """The name of a column inside a JSON row: canonical, so that tenants of equal shape share the statement."""
    return f"v{position}"


def row(fields: Mapping[str, Field], columns: Iterable[Column], values: Mapping[str, object]) -> dict[str, object]:
    """The values of a record as a JSON row."""
    # Most fields of most records are empty: their companions are, too, and need no looking at.
    given = {name: each for name, each in values.items() if each is not None and name in fields}
    parts = {name: companions.columns(fields[name], each) for name, each in given.items()}
    return {
        key(at): transported(parts[column.field][column.part]) if column.field in parts else None
        for at, column in enumerate(columns)
    }


def value_of(field: Field, parts: Mapping[str, object]) -> object:
    """A value put together from its columns."""
    whole = parts[""]
    match field.type.output, whole:
        case Output.MONEY, Decimal():
            return Money(whole, str(parts["currency"]))
        case Output.DURATION, Decimal():
            return durations.of_seconds(whole)
        case Output.POINT, Decimal():
            east = parts["longitude"]
            return Point(whole, east) if isinstance(east, Decimal) else None
        case Output.ADDRESS, str():
            return Address(whole, str(parts["street"] or ""))
        case Output.SEALED, str():
            return Sealed(whole)
        case _:
            return whole


def transported(value: object) -> object:
    """A column's value as JSON that PostgreSQL casts back without loss."""
    match value:
        case str() | None:
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case [UUID(), *_]:
            return [str(each) for each in value]
        case _:
            return value


def remembered(value: object) -> object:  # noqa: C901, PLR0911 - one return for each kind of value
    """A field's value as history and audit keep it: the spelling of the API."""
    match value:
        case Secret() | Sealed():
            return HIDDEN
        case Money():
            return {"amount": format(value.amount, "f"), "currency": value.currency}
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return durations.written(value)
        case Address():
            return {"code": value.code, "street": value.street}
        case Point():
            return {"latitude": float(value.latitude), "longitude": float(value.longitude)}
        case UUID():
            return str(value)
        case [UUID(), *_]:
            return [str(each) for each in value]
        case _:
            return value
