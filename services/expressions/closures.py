"""A checked expression as a Python function of a record: for branches, formulas and rules on what is being written.

A record is a mapping by field names: the record behind a relation is one too (or its id, or nothing), money is `Money`, the
many side is a sequence of records under its name. Only those that the caller may look at belong in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from schema.metadata import durations
from services.expressions.functions import FUNCTIONS
from services.expressions.scalars import read_scalar
from services.expressions.tree import Call, Constant, ListOf, Node, Parameter, Path, Quantified, Variable
from services.expressions.types import Kind

# Any: values of every field type.
Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What an expression may ask for beside the record. `values` are those of its parameters, as JSON has them."""

    now: datetime
    zone: ZoneInfo
    user_id: UUID | None = None
    department_id: UUID | None = None
    values: Sequence[object] = ()


Closure: TypeAlias = Callable[[Record, Circumstance], Any]
# The records of all scopes, the outermost first.
_Inner: TypeAlias = Callable[[tuple[Record, ...], Circumstance], Any]
_VARIABLES: Mapping[str, Callable[[Circumstance], object]] = {
    "today": lambda around: around.now.astimezone(around.zone).date(),
    "now": lambda around: around.now,
    "currentUser": lambda around: around.user_id,
    "currentDepartment": lambda around: around.department_id,
}


def closure(node: Node) -> Closure:
    """The function. It never raises on values of the types that were checked."""
    inner = _inner(node)
    return lambda record, around: inner((record,), around)


def _inner(node: Node) -> _Inner:  # noqa: PLR0911 - one return for each kind of node
    match node:
        case Constant():
            value = node.value
            return lambda _, __: value
        case Parameter():
            position, kind = node.position, node.type.kind
            return lambda _, around: read_scalar(kind, around.values[position])
        case Variable():
            found = _VARIABLES[node.name]
            return lambda _, around: found(around)
        case Path():
            return _path(node)
        case ListOf():
            items = tuple(map(_inner, node.items))
            return lambda records, around: [each(records, around) for each in items]
        case Call():
            return _call(node)
        case Quantified():
            return _quantified(node)


def _call(node: Call) -> _Inner:
    overload = FUNCTIONS[node.function].overload([each.type for each in node.arguments])
    assert overload is not None
    python, given = overload.python, tuple(map(_inner, node.arguments))
    if overload.zoned:
        return lambda records, around: python(*[each(records, around) for each in given], around.zone)
    if len(given) == 1:
        (only,) = given
        return lambda records, around: python(only(records, around))
    return lambda records, around: python(*[each(records, around) for each in given])


def _path(node: Path) -> _Inner:
    *hops, last = (each.field_name for each in node.steps)
    scope, read = node.scope, _READERS.get(node.type.kind, _plain)

    def found(records: tuple[Record, ...], _: Circumstance) -> Any:  # the value of any field
        record = _behind(records[scope], hops)
        return None if record is None else read(record.get(last))

    return found


def _quantified(node: Quantified) -> _Inner:
    condition, hops, name = _inner(node.condition), [each.field_name for each in node.owner], node.inverse
    outer, inside, every = node.outer, node.scope, node.quantifier == "all"

    def found(records: tuple[Record, ...], around: Circumstance) -> bool:
        record = _behind(records[outer], hops)
        many = () if record is None else record.get(name) or ()
        held = ((condition((*records[:inside], each), around) is True) for each in many)
        return all(held) if every else any(held)

    return found


def _behind(record: Record | None, hops: Sequence[str]) -> Record | None:
    for name in hops:
        following = None if record is None else record.get(name)
        record = following if isinstance(following, Mapping) else None
    return record


def _plain(value: Any) -> Any:
    return value


def _id(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value


def _number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) else value


def _seconds(value: Any) -> Any:
    return durations.seconds(value) if isinstance(value, timedelta) else value


_READERS: Mapping[Kind, Callable[[Any], Any]] = {Kind.RECORD: _id, Kind.NUMBER: _number, Kind.DURATION: _seconds}
