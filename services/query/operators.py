"""The filter operators: which kind of value offers which, how each reads its operand, and what it is in SQL.

Text compares by code point. `contains`, `startsWith` and `endsWith` take A–Z and a–z as equal and nothing else, the
same on every server. `ne` and `notIn` hold for empty values too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from schema.metadata.types import Operators
from services.query import places, relative_dates
from tenants.sql import Fragment, sql


class Reading(StrEnum):
    """How the operand of an operator is read into its parameters."""

    ONE = "one value"
    MANY = "a list"
    PAIR = "first and last"
    PREFIX = "pattern: begins with"
    SUFFIX = "pattern: ends with"
    INFIX = "pattern: holds"
    DAYS = "a range of days"
    BOX = "a box on the earth"
    CIRCLE = "a circle on the earth"

    @property
    def parameters(self) -> int:
        """How many parameters the operand becomes."""
        return _PARAMETERS.get(self, 1)


_PARAMETERS: Mapping[Reading, int] = {Reading.PAIR: 2, Reading.DAYS: 2, Reading.BOX: 4, Reading.CIRCLE: 7}


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. `write` takes the column and its parameters."""

    reading: Reading
    write: Callable[[Fragment, Sequence[Fragment]], Fragment]
    # Equality reads its operand as the write path reads a value: `eq: "138 0013 8000"` finds +8613800138000.
    normalises: bool = False


def _falls_within(column: Fragment, days: Sequence[Fragment]) -> Fragment:
    return sql("({c} >= {first} AND {c} < {end})", c=column, first=days[0], end=days[1])


def _matches(column: Fragment, pattern: Sequence[Fragment]) -> Fragment:
    return sql("{c} ILIKE {p}", c=column, p=pattern[0])


_EQUALITY: Mapping[str, Operator] = {
    "eq": Operator(Reading.ONE, lambda c, p: sql("{c} = {p}", c=c, p=p[0]), normalises=True),
    "ne": Operator(Reading.ONE, lambda c, p: sql("{c} IS DISTINCT FROM {p}", c=c, p=p[0]), normalises=True),
    "in": Operator(Reading.MANY, lambda c, p: sql("{c} = ANY ({p})", c=c, p=p[0]), normalises=True),
    "notIn": Operator(Reading.MANY, lambda c, p: sql("({c} = ANY ({p})) IS NOT TRUE", c=c, p=p[0]), normalises=True),
}
_ORDER: Mapping[str, Operator] = {
    "lt": Operator(Reading.ONE, lambda c, p: sql("{c} < {p}", c=c, p=p[0])),
    "lte": Operator(Reading.ONE, lambda c, p: sql("{c} <= {p}", c=c, p=p[0])),
    "gt": Operator(Reading.ONE, lambda c, p: sql("{c} > {p}", c=c, p=p[0])),
    "gte": Operator(Reading.ONE, lambda c, p: sql("{c} >= {p}", c=c, p=p[0])),
    "between": Operator(Reading.PAIR, lambda c, p: sql("{c} BETWEEN {p} AND {q}", c=c, p=p[0], q=p[1])),
}
_TEXT: Mapping[str, Operator] = {
    "contains": Operator(Reading.INFIX, _matches),
    "startsWith": Operator(Reading.PREFIX, _matches),
    "endsWith": Operator(Reading.SUFFIX, _matches),
}
_WORDS: Mapping[str, Operator] = {"contains": _TEXT["contains"]}
_LIST: Mapping[str, Operator] = {
    "has": Operator(Reading.ONE, lambda c, p: sql("{c} @> ARRAY[{p}]", c=c, p=p[0])),
    "hasAny": Operator(Reading.MANY, lambda c, p: sql("{c} && {p}", c=c, p=p[0])),
    "hasAll": Operator(Reading.MANY, lambda c, p: sql("{c} @> {p}", c=c, p=p[0])),
}
_FILES: Mapping[str, Operator] = {
    "countAtLeast": Operator(Reading.ONE, lambda c, p: sql("coalesce(cardinality({c}), 0) >= {p}", c=c, p=p[0]))
}
_AREA: Mapping[str, Operator] = {
    **_EQUALITY,
    "startsWith": Operator(Reading.ONE, lambda c, p: sql("{c} ^@ {p}", c=c, p=p[0])),
}
# A point has two columns: the longitude stands before the parameters.
_POINT: Mapping[str, Operator] = {
    "near": Operator(Reading.CIRCLE, places.is_near),
    "inBox": Operator(Reading.BOX, places.lies_in),
}
_RELATIVE: Mapping[str, Operator] = {name: Operator(Reading.DAYS, _falls_within) for name in relative_dates.OPERATORS}
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
    Operators.TIME: _NUMBERS,
    Operators.DURATION: _NUMBERS,
    Operators.WORDS: _WORDS,
    Operators.POINT: _POINT,
    Operators.AREA: _AREA,
    Operators.ADDRESS: {},
    Operators.LIST: _LIST,
    Operators.ID_LIST: _LIST,
    Operators.FILES: _FILES,
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
    Operators.TIME: "time",
    # Seconds.
    Operators.DURATION: "numeric",
    Operators.WORDS: "text",
    Operators.POINT: "numeric",
    Operators.ADDRESS: "text",
    Operators.AREA: "text",
    Operators.LIST: "text",
    Operators.ID_LIST: "uuid",
    Operators.FILES: "bigint",
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
    Operators.TIME: "time[]",
    Operators.DURATION: "numeric[]",
    Operators.WORDS: "text[]",
    Operators.POINT: "numeric[]",
    Operators.ADDRESS: "text[]",
    Operators.AREA: "text[]",
    Operators.LIST: "text[]",
    Operators.ID_LIST: "uuid[]",
    Operators.FILES: "bigint[]",
}
