"""Filters and orders: coerced input objects become conditions and keys of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from graphql import GraphQLInputField, GraphQLInputObjectType, get_named_type

from resolvers.selection.reading import Reading
from schema.sdl.coordinates import Coordinate, Role, coordinate
from services.query import NullOperand
from services.query.plan import And, Compare, Condition, Direction, Follows, IsEmpty, Not, Or, OrderBy, Quantified
from tenants.errors import PathStep

Place: TypeAlias = tuple[PathStep, ...]


def condition(reading: Reading, type_: GraphQLInputObjectType, given: object, at: Place = ()) -> Condition:
    """The condition of one filter object; its members all hold. `at` is its place in the whole filter."""
    return _all(
        tuple(
            _member(reading, type_.fields[name], value, (*at, name))
            for name, value in given_members(given, type_.name, at)
        )
    )


def order(type_: GraphQLInputObjectType, given: object) -> tuple[OrderBy, ...]:
    """The keys of an order."""
    keys = given if isinstance(given, Sequence) else ()
    return tuple(OrderBy(*_key(type_, key)) for key in keys)


def input_type(member: GraphQLInputField) -> GraphQLInputObjectType:
    """The input object behind a member, without lists and non-null."""
    named = get_named_type(member.type)
    if not isinstance(named, GraphQLInputObjectType):
        msg = f"no input object: {named.name}"
        raise TypeError(msg)
    return named


def given_members(given: object, name: str, at: Place = ()) -> tuple[tuple[str, object], ...]:
    """The members of an input object; none of them may be null, and neither may it."""
    if not isinstance(given, Mapping):
        raise _null(name, at)
    for key, value in given.items():
        if value is None:
            raise _null(key, (*at, key))
    return tuple(given.items())


def _null(name: str, at: Place) -> NullOperand:
    fault = NullOperand(name=name)
    fault.at = at
    return fault


def _key(type_: GraphQLInputObjectType, key: object) -> tuple[tuple[str, ...], Direction]:
    ((name, value),) = given_members(key, type_.name)
    member = type_.fields[name]
    if isinstance(value, Mapping):
        path, direction = _key(input_type(member), value)
        return (name, *path), direction
    return (name,), Direction(str(value))


def _member(reading: Reading, member: GraphQLInputField, value: object, at: Place) -> Condition:
    name = str(at[-1])
    means = coordinate(member) or Coordinate(Role.COMPARE, name)
    match means.role:
        case Role.COMBINE:
            return _combined(reading, member, value, at)
        case Role.FOLLOW:
            return Follows(means.name, condition(reading, input_type(member), value, at))
        case Role.QUANTIFY:
            quantifiers = input_type(member)
            return _all(
                tuple(
                    Quantified(
                        means.name, each, condition(reading, input_type(quantifiers.fields[each]), inner, (*at, each))
                    )
                    for each, inner in given_members(value, name, at)
                )
            )
        case Role.COMPARE_PARTS:
            return _all(
                tuple(
                    _of_money(reading, means.name, inner, (*at, part)) for part, inner in given_members(value, name, at)
                )
            )
        case _:
            return _compared(reading, means.name, value, at)


def _combined(reading: Reading, member: GraphQLInputField, value: object, at: Place) -> Condition:
    inner = input_type(member)
    if at[-1] == "not":
        return Not(condition(reading, inner, value, at))
    given = value if isinstance(value, Sequence) else ()
    each = tuple(condition(reading, inner, one, (*at, number)) for number, one in enumerate(given))
    return And(each) if at[-1] == "and" else Or(each)


def _of_money(reading: Reading, field: str, value: object, at: Place) -> Condition:
    part = str(at[-1])
    return _empty(field, value) if part == "isEmpty" else _compared(reading, field, value, at, part=part)


def _compared(reading: Reading, field: str, value: object, at: Place, *, part: str = "") -> Condition:
    return _all(
        tuple(
            _empty(field, operand)
            if operator == "isEmpty"
            else Compare(field, operator, reading.parameter(operand), part)
            for operator, operand in given_members(value, field, at)
        )
    )


def _empty(field: str, value: object) -> Condition:
    return IsEmpty(field) if value else Not(IsEmpty(field))


def _all(conditions: tuple[Condition, ...]) -> Condition:
    return conditions[0] if len(conditions) == 1 else And(conditions)
