"""A filter as plain JSON, in the words of the API, as a condition of a plan: for conditions that are kept, not asked once.

Checked like any other filter, operands included: what is kept must not fail when somebody reads by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema.metadata.near_names import LONGEST
from schema.metadata.types import Operators
from services import metadata, permissions
from services.query import plan as p
from services.query.binder import bind_condition, family_of
from services.query.criteria import encode
from services.query.errors import NullOperand, UnknownName, WrongOperand
from services.query.guard import guard_touches
from services.query.matching import chooses_everything
from services.query.names import field_of, inverse_of
from services.query.operands import read_operand, with_me

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from services.query.binder import Touch
    from tenants.context import ReadWork

_COMBINED = frozenset({"and", "or", "not"})
_PARTS = frozenset({"amount", "currency", "code", "text"})
_DECIMAL = re.compile(r"-?[0-9]{1,38}(\.[0-9]{1,38})?")
# Texts that the scalars of the API take. Python reads more as a number or a day (`1_000`, `٣`, `20260331`); a kept filter
# with one of those could not be asked as it stands there.
_SPELLED: Mapping[Operators, re.Pattern[str]] = {
    Operators.LONG: re.compile(r"-?[0-9]{1,19}"),
    Operators.DECIMAL: _DECIMAL,
    Operators.MONEY: _DECIMAL,
    Operators.DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    Operators.DATETIME: re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
    ),
}
_WHOLE_NUMBERS = frozenset({Operators.INT, Operators.FILES})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A filter that fits the shape: the condition, its operands, and everything that it touches."""

    condition: p.Condition
    values: p.Values
    touches: frozenset[Touch]


async def kept_condition(work: ReadWork, object_name: str, given: object) -> dict[str, Any] | None:
    """The stored form of a filter (see `criteria`), nothing if it holds for every record; a fault says what is wrong."""
    found = await spoken(work, object_name, given)
    # Which records a condition chooses tells what stands in its fields: whoever says it has to be allowed to read them.
    guard_touches(found.touches, await permissions.policy(work))
    return None if chooses_everything(found.condition, found.values) else encode(found.condition, found.values)


async def spoken(work: ReadWork, object_name: str, given: object) -> Spoken:
    """A filter as it was said, checked but for who may say it."""
    shape = (await metadata.registry(work)).shape
    values: list[object] = []
    condition = _Reader(shape, values).all(object_name, given)
    touches = bind_condition(shape, object_name, condition)
    _require_operands(work, shape, object_name, condition, values)
    return Spoken(condition, tuple(values), touches)


class _Reader:
    def __init__(self, shape: Shape, values: list[object]) -> None:
        self._shape = shape
        self._values = values

    def all(self, object_name: str, given: object) -> p.Condition:
        members = _members(given, "filter", object_name)
        return _joined([self._member(object_name, name, value) for name, value in members])

    def _member(self, object_name: str, name: str, value: object) -> p.Condition:
        if name in _COMBINED:
            return self._combined(object_name, name, value)
        if self._shape.inverse(object_name, name) is not None:
            child = inverse_of(self._shape, object_name, name).object_name
            members = _members(value, name, object_name)
            return _joined([p.Quantified(name, each, self.all(child, inner)) for each, inner in members])
        field = field_of(self._shape, object_name, name)
        if field.relation is not None and field.name == name:
            return p.Follows(name, self.all(field.relation.target, value))
        return self._compared(object_name, name, value)

    def _combined(self, object_name: str, name: str, value: object) -> p.Condition:
        if name == "not":
            return p.Not(self.all(object_name, value))
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise WrongOperand(field=name, operator=name)
        each = tuple(self.all(object_name, one) for one in value)
        return p.And(each) if name == "and" else p.Or(each)

    def _compared(self, object_name: str, field: str, value: object, part: str = "") -> p.Condition:
        found: list[p.Condition] = []
        for operator, operand in _members(value, part or field, object_name):
            if operator == "isEmpty":
                found.append(p.IsEmpty(field) if operand else p.Not(p.IsEmpty(field)))
            elif operator in _PARTS and not part:
                found.append(self._compared(object_name, field, operand, operator))
            else:
                self._values.append(_whole(operator, operand))
                found.append(p.Compare(field, operator, p.Parameter(len(self._values) - 1), part))
        return _joined(found)


def _whole(operator: str, operand: object) -> object:
    """What GraphQL fills in where a range of days leaves its ends out."""
    return {"from": 0, "to": 0, **operand} if operator == "within" and isinstance(operand, Mapping) else operand


def _members(given: object, said: str, object_name: str) -> list[tuple[str, object]]:
    if not isinstance(given, Mapping):
        raise WrongOperand(field=object_name, operator=said)
    for name, value in given.items():
        if value is None:
            raise NullOperand(name=str(name)[:LONGEST])
    return [(str(name), value) for name, value in given.items()]


def _joined(conditions: list[p.Condition]) -> p.Condition:
    return conditions[0] if len(conditions) == 1 else p.And(tuple(conditions))


def _is_spelled(given: object, family: Operators) -> bool:
    if not isinstance(given, str) or family in _WHOLE_NUMBERS:
        return not isinstance(given, str)
    return family not in _SPELLED or _SPELLED[family].fullmatch(given) is not None


def _require_operands(
    work: ReadWork, shape: Shape, object_name: str, condition: p.Condition, values: Sequence[object]
) -> None:
    match condition:
        case p.Compare():
            field = field_of(shape, object_name, condition.field)
            family, given = family_of(field, condition.part), values[condition.operand.position]
            if not all(_is_spelled(each, family) for each in (given if isinstance(given, list | tuple) else (given,))):
                raise WrongOperand(field=field.name, operator=condition.operator)
            read_operand(
                with_me(given, family, work.principal.id),
                field,
                family=family,
                operator=condition.operator,
                zone=work.zone,
                now=work.now,
            )
        case p.Follows():
            relation = field_of(shape, object_name, condition.field).relation
            if relation is None:
                raise UnknownName(object=object_name, name=condition.field)
            _require_operands(work, shape, relation.target, condition.condition, values)
        case p.Quantified():
            child = inverse_of(shape, object_name, condition.inverse).object_name
            _require_operands(work, shape, child, condition.condition, values)
        case p.And() | p.Or():
            for each in condition.conditions:
                _require_operands(work, shape, object_name, each, values)
        case p.Not():
            _require_operands(work, shape, object_name, condition.condition, values)
        case _:
            return
