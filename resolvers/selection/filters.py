"""Filters and orders: coerced input objects become conditions and keys of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import GraphQLInputField, GraphQLInputObjectType, get_named_type

from resolvers.selection.errors import NullOperand
from resolvers.selection.reading import Reading
from schema.sdl.coordinates import Coordinate, Role, coordinate
from services.query.plan import And, Compare, Condition, Direction, Follows, IsEmpty, Not, Or, OrderBy, Quantified


def condition(reading: Reading, type_: GraphQLInputObjectType, given: object) -> Condition:
    """The condition of one filter object; its members all hold."""
    return _all(
        tuple(_member(reading, type_.fields[name], name, value) for name, value in given_members(given, type_.name))
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


def given_members(given: object, name: str) -> tuple[tuple[str, object], ...]:
    """The members of an input object; none of them may be null, and neither may it."""
    if not isinstance(given, Mapping):
        raise NullOperand(name=name)
    for key, value in given.items():
        if value is None:
            raise NullOperand(name=key)
    return tuple(given.items())


def _key(type_: GraphQLInputObjectType, key: object) -> tuple[tuple[str, ...], Direction]:
    ((name, value),) = given_members(key, type_.name)
    member = type_.fields[name]
    if isinstance(value, Mapping):
        path, direction = _key(input_type(member), value)
        return (name, *path), direction
    return (name,), Direction(str(value))


def _member(reading: Reading, member: GraphQLInputField, name: str, value: object) -> Condition:
    means = coordinate(member) or Coordinate(Role.COMPARE, name)
    match means.role:
        case Role.COMBINE:
            return _combined(reading, member, means.name, value)
        case Role.FOLLOW:
            return Follows(means.name, condition(reading, input_type(member), value))
        case Role.QUANTIFY:
            quantifiers = input_type(member)
            return _all(
                tuple(
                    Quantified(means.name, each, condition(reading, input_type(quantifiers.fields[each]), inner))
                    for each, inner in given_members(value, name)
                )
            )
        case Role.COMPARE_PARTS:
            return _all(
                tuple(_of_money(reading, means.name, part, inner) for part, inner in given_members(value, name))
            )
        case _:
            return _compared(reading, means.name, value)


def _combined(reading: Reading, member: GraphQLInputField, word: str, value: object) -> Condition:
    if word == "not":
        return Not(condition(reading, input_type(member), value))
    each = tuple(condition(reading, input_type(member), one) for one in value) if isinstance(value, Sequence) else ()
    return And(each) if word == "and" else Or(each)


def _of_money(reading: Reading, field: str, part: str, value: object) -> Condition:
    return _empty(field, value) if part == "isEmpty" else _compared(reading, field, value, part=part)


def _compared(reading: Reading, field: str, value: object, *, part: str = "") -> Condition:
    return _all(
        tuple(
            _empty(field, operand)
            if operator == "isEmpty"
            else Compare(field, operator, reading.parameter(operand), part)
            for operator, operand in given_members(value, field)
        )
    )


def _empty(field: str, value: object) -> Condition:
    return IsEmpty(field) if value else Not(IsEmpty(field))


def _all(conditions: tuple[Condition, ...]) -> Condition:
    return conditions[0] if len(conditions) == 1 else And(conditions)
