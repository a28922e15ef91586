"""What derived fields must hold: formulas and roll-ups, reckoned over answers of the API with nothing of the product.

`docs/capabilities/derived_fields.md` tells what is rounded where, and what is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, TypeAlias

Value: TypeAlias = Any  # Any: JSON
_LONG = Context(prec=60)
_OF_NUMBERS, _OF_AMOUNTS = Decimal("1e-10"), Decimal("1e-4")
_FUNCTIONS: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "avg": lambda numbers: _LONG.divide(sum(numbers), Decimal(len(numbers))),
}


@dataclass(frozen=True)
class Condition:
    """What is asked of a record: how a field compares with something said, or with another field."""

    field: str
    sign: str
    than: str
    is_field: bool = False

    @property
    def text(self) -> str:
        """As it is defined."""
        return f"{self.field} {self.sign} {self.than}"

    @property
    def looks_at(self) -> set[str]:
        """The fields in it."""
        return {self.field, self.than} if self.is_field else {self.field}


# What may be asked of fields of some types, and which are compared with each other; what it means stands in `_IS`.
_SAID: Mapping[str, Sequence[tuple[str, str]]] = {
    "integer": (("<=", "5"), ("==", "12")),
    "decimal": (("<=", "5"),),
    "rating": (("<=", "3"),),
    "boolean": (("==", "true"),),
}
_NUMBERS = frozenset({"integer", "decimal", "rating"})
_IS: Mapping[str, Callable[[Value, str], bool]] = {
    "<=": lambda value, than: Decimal(str(value)) <= Decimal(str(than)),
    "==": lambda value, than: str(value).lower() == than.strip("'"),
}


def conditions(fields: Sequence[tuple[str, str, Sequence[str]]]) -> list[Condition]:
    """What can be asked of fields, told by name, type and the keys of their choices."""
    said = [
        Condition(name, *each)
        for name, type_name, keys in fields
        for each in (*_SAID.get(type_name, ()), *(("==", f"'{key}'") for key in keys[:1] if type_name == "choice"))
    ]
    numbers = [name for name, type_name, _ in fields if type_name in _NUMBERS]
    return said + [Condition(one, "<=", other, is_field=True) for one in numbers for other in numbers if one != other]


def holds(condition: Condition, values: Mapping[str, Value]) -> bool | None:
    """Whether a condition is true of a record; of what is empty nothing is known."""
    value = values.get(condition.field)
    than = values.get(condition.than) if condition.is_field else condition.than
    return None if value is None or than is None else _IS[condition.sign](value, than)


def one_more(value: Value) -> Value:
    """The formula of all formulas here."""
    return None if value is None else str(int(value) + 1)


def rolled_up(function: str, values: Sequence[Value]) -> Value:
    """What a roll-up over records that hold these values answers."""
    if function == "count":
        return str(len(values))
    held = [value for value in values if value is not None]
    if not held:
        return None
    if isinstance(held[0], dict):
        currencies = {value["currency"] for value in held}
        amount = _reckoned(function, [value["amount"] for value in held], _OF_AMOUNTS)
        return {"amount": amount, "currency": currencies.pop()} if len(currencies) == 1 else None
    if isinstance(held[0], str) and held[0][4:5] == "-":
        # Days and moments are in the order of their text.
        return _FUNCTIONS[function](held)
    return _reckoned(function, held, _OF_NUMBERS)


def _reckoned(function: str, values: Sequence[Value], places: Decimal) -> str:
    number = _FUNCTIONS[function]([Decimal(str(value)) for value in values])
    fitted = number.quantize(places, rounding=ROUND_HALF_UP, context=_LONG)
    return f"{fitted.normalize(_LONG):f}"
