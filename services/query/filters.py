"""A filter as plain JSON, in the words of the API, as a condition of a plan: for conditions that are kept, not asked once.

Checked like any other filter, operands included: what is kept must not fail when somebody reads by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services import metadata, permissions
from services.query import plan as p
from services.query.binder import bind_condition, family_of
from services.query.criteria import encode
from services.query.errors import UnknownName, WrongOperand
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
        return _joined([self._member(object_name, name, value) for name, value in _members(given)])

    def _member(self, object_name: str, name: str, value: object) -> p.Condition:
        if name in _COMBINED:
            return self._combined(object_name, name, value)
        if self._shape.inverse(object_name, name) is not None:
            child = inverse_of(self._shape, object_name, name).object_name
            return _joined([p.Quantified(name, each, self.all(child, inner)) for each, inner in _members(value)])
        field = field_of(self._shape, object_name, name)
        if field.relation is not None and field.name == name:
            return p.Follows(name, self.all(field.relation.target, value))
        return self._compared(name, value)

    def _combined(self, object_name: str, name: str, value: object) -> p.Condition:
        if name == "not":
            return p.Not(self.all(object_name, value))
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise WrongOperand(field=name, operator=name)
        each = tuple(self.all(object_name, one) for one in value)
        return p.And(each) if name == "and" else p.Or(each)

    def _compared(self, field: str, value: object, part: str = "") -> p.Condition:
        found: list[p.Condition] = []
        for operator, operand in _members(value):
            if operator == "isEmpty":
                found.append(p.IsEmpty(field) if operand else p.Not(p.IsEmpty(field)))
            elif operator in _PARTS and not part:
                found.append(self._compared(field, operand, operator))
            else:
                self._values.append(_whole(operator, operand))
                found.append(p.Compare(field, operator, p.Parameter(len(self._values) - 1), part))
        return _joined(found)


def _whole(operator: str, operand: object) -> object:
    """What GraphQL fills in where a range of days leaves its ends out."""
    return {"from": 0, "to": 0, **operand} if operator == "within" and isinstance(operand, Mapping) else operand


def _members(given: object) -> list[tuple[str, object]]:
    if not isinstance(given, Mapping) or None in given.values():
        raise WrongOperand(field="filter", operator="{}")
    return [(str(name), value) for name, value in given.items()]


def _joined(conditions: list[p.Condition]) -> p.Condition:
    return conditions[0] if len(conditions) == 1 else p.And(tuple(conditions))


def _require_operands(
    work: ReadWork, shape: Shape, object_name: str, condition: p.Condition, values: Sequence[object]
) -> None:
    match condition:
        case p.Compare():
            field = field_of(shape, object_name, condition.field)
            read_operand(
                with_me(values[condition.operand.position], family_of(field, condition.part), work.principal.id),
                field,
                family=family_of(field, condition.part),
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
