"""The filter operators: which kind of value offers which, how each reads its operand, and what it is in SQL.

Text compares by code point. `contains`, `startsWith` and `endsWith` take A–Z and a–z as equal and nothing else, the
same on every server. `ne` and `notIn` hold for empty values too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from schema.metadata.types import Operators
from services.query import relative_dates
from tenants.sql import Fragment, sql


class Reading(StrEnum):
    """How the operand of an operator is read into one or two parameters."""

    ONE = "one value"
    MANY = "a list"
    PAIR = "first and last"
    PREFIX = "pattern: begins with"
    SUFFIX = "pattern: ends with"
    INFIX = "pattern: holds"
    DAYS = "a range of days"

    @property
    def parameters(self) -> int:
        """How many parameters the operand becomes."""
        return 2 if self in {Reading.PAIR, Reading.DAYS} else 1


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. `write` takes the column and its parameters."""

    reading: Reading
    write: Callable[[Fragment, tuple[Fragment, ...]], Fragment]
    # Equality reads its operand as the write path reads a value: `eq: "138 0013 8000"` finds +8613800138000.
    normalises: bool = False


def _written(text: LiteralString) -> Callable[[Fragment, tuple[Fragment, ...]], Fragment]:
    def write(column: Fragment, parameters: tuple[Fragment, ...]) -> Fragment:
        return sql(text, c=column, p=parameters[0], q=parameters[-1])

    return write


_EQUALITY: Mapping[str, Operator] = {
    "eq": Operator(Reading.ONE, _written("{c} = {p}"), normalises=True),
    "ne": Operator(Reading.ONE, _written("{c} IS DISTINCT FROM {p}"), normalises=True),
    "in": Operator(Reading.MANY, _written("{c} = ANY ({p})"), normalises=True),
    "notIn": Operator(Reading.MANY, _written("({c} = ANY ({p})) IS NOT TRUE"), normalises=True),
}
_ORDER: Mapping[str, Operator] = {
    "lt": Operator(Reading.ONE, _written("{c} < {p}")),
    "lte": Operator(Reading.ONE, _written("{c} <= {p}")),
    "gt": Operator(Reading.ONE, _written("{c} > {p}")),
    "gte": Operator(Reading.ONE, _written("{c} >= {p}")),
    "between": Operator(Reading.PAIR, _written("{c} BETWEEN {p} AND {q}")),
}
_TEXT: Mapping[str, Operator] = {
    "contains": Operator(Reading.INFIX, _written("{c} ILIKE {p}")),
    "startsWith": Operator(Reading.PREFIX, _written("{c} ILIKE {p}")),
    "endsWith": Operator(Reading.SUFFIX, _written("{c} ILIKE {p}")),
}
_LIST: Mapping[str, Operator] = {
    "has": Operator(Reading.ONE, _written("{c} @> ARRAY[{p}]")),
    "hasAny": Operator(Reading.MANY, _written("{c} && {p}")),
    "hasAll": Operator(Reading.MANY, _written("{c} @> {p}")),
}
_RELATIVE: Mapping[str, Operator] = {
    name: Operator(Reading.DAYS, _written("({c} >= {p} AND {c} < {q})")) for name in relative_dates.OPERATORS
}
_NUMBERS = {**_EQUALITY, **_ORDER}

OFFERED: Mapping[Operators, Mapping[str, Operator]] = {
    Operators.TEXT: {**_EQUALITY, **_ORDER, **_TEXT},
    Operators.KEY: _EQUALITY,
    Operators.ID: _EQUALITY,
    Operators.INT: _NUMBERS,
    Operators.LONG: _NUMBERS,
    Operators.DECIMAL: _NUMBERS,
    Operators.MONEY: _NUMBERS,
    Operators.BOOLEAN: {name: _EQUALITY[name] for name in ("eq", "ne")},
    Operators.DATE: {**_NUMBERS, **_RELATIVE},
    Operators.DATETIME: {**_NUMBERS, **_RELATIVE},
    Operators.LIST: _LIST,
    Operators.NONE: {},
}

# The SQL type of one operand of each family, and of a list of them. Bound integers are wide, so that an operand beyond
# a column's range compares instead of failing.
SQL_TYPES: Mapping[Operators, LiteralString] = {
    Operators.TEXT: "text",
    Operators.KEY: "text",
    Operators.ID: "uuid",
    Operators.INT: "bigint",
    Operators.LONG: "bigint",
    Operators.DECIMAL: "numeric",
    Operators.MONEY: "numeric",
    Operators.BOOLEAN: "boolean",
    Operators.DATE: "date",
    Operators.DATETIME: "timestamptz",
    Operators.LIST: "text",
}
SQL_LIST_TYPES: Mapping[Operators, LiteralString] = {
    Operators.TEXT: "text[]",
    Operators.KEY: "text[]",
    Operators.ID: "uuid[]",
    Operators.INT: "bigint[]",
    Operators.LONG: "bigint[]",
    Operators.DECIMAL: "numeric[]",
    Operators.MONEY: "numeric[]",
    Operators.BOOLEAN: "boolean[]",
    Operators.DATE: "date[]",
    Operators.DATETIME: "timestamptz[]",
    Operators.LIST: "text[]",
}
