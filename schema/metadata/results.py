"""What a derived value becomes where it is kept: rounded as its type asks, and nothing where the type could not hold it.

Computed values meet the normaliser of their type like entered ones, so that filters, orders and searches find them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from schema.metadata.types import FIELD_TYPES, FieldType, Output
from schema.metadata.values import TEXT_LENGTH, Money
from tenants.errors import Invalid

if TYPE_CHECKING:
    from schema.metadata.fields import Field

# Decimal places of what is kept, by the name of the result; a decimal has its option `scale`.
_PLACES: Mapping[str, int] = {"integer": 0, "percent": 4, "currency": 4}
_MOST_PLACES = 10
# More digits than any type holds.
_ARITHMETIC = Context(prec=60, rounding=ROUND_HALF_UP)


def fitted(field: Field, value: object) -> object:
    """The value as a field keeps it; half is rounded away from zero, and a text ends after 255 characters."""
    if value is None:
        return None
    fit = _FITS.get(field.type.output)
    try:
        return _kept_as(field).normalise(value if fit is None else fit(field, value), field)
    except Invalid:
        return None


def places_of(field: Field) -> int:
    """How many decimal places a computed number keeps."""
    scale = field.option("scale")
    return _PLACES.get(str(field.option("result")), scale if isinstance(scale, int) else _MOST_PLACES)


def _kept_as(field: Field) -> FieldType:
    """The row of the type that its values are kept as."""
    return FIELD_TYPES[str(field.option("result"))]


def _line(_: Field, value: object) -> object:
    return str(value)[:TEXT_LENGTH]


def _number(field: Field, value: object) -> object:
    return _rounded(Decimal(str(value)), field)


def _money(field: Field, value: object) -> object:
    assert isinstance(value, Money), "a derived amount has a currency"
    return Money(_rounded(value.amount, field), value.currency)


def _rounded(number: Decimal, field: Field) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places_of(field)), context=_ARITHMETIC)


_FITS: Mapping[Output, Callable[[Field, object], object]] = {
    Output.TEXT: _line,
    Output.LONG: _number,
    Output.DECIMAL: _number,
    Output.MONEY: _money,
}
