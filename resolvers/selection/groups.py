"""Groups and their measures: what is selected of an aggregate becomes nodes of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import GraphQLInputObjectType, GraphQLObjectType

from resolvers.selection.errors import GroupKeyNotTrue, NotGrouped
from resolvers.selection.filters import condition, given_members, input_type
from resolvers.selection.picking import TYPENAME, Picked
from resolvers.selection.reading import Reading, argument_type, meaning, object_type, parts
from schema.sdl.coordinates import Role, coordinate
from services.query.plan import (
    Aggregate,
    AggregateNode,
    AggregateOrder,
    AggregateRoot,
    ChoiceLabel,
    Direction,
    GroupKey,
    Having,
    Measure,
    Parameter,
)

_COUNT = "count"


def groups_root(reading: Reading, picked: Picked) -> AggregateRoot:
    """`customersAggregate(…)`."""
    return AggregateRoot(picked.key, aggregate(reading, picked, meaning(picked).object_name))


def aggregate(reading: Reading, picked: Picked, object_name: str) -> Aggregate:
    """The groups of one object, with what is measured of them."""
    given = reading.arguments(picked)
    zone = given.get("zone")
    zone_parameter = None if zone is None else reading.parameter(zone)
    keys = _group_keys(argument_type(picked, "groupBy"), given.get("groupBy"), zone_parameter)
    wanted, having, size = given.get("filter"), given.get("having"), given.get("first")
    sought = given.get("search")
    return Aggregate(
        object_name,
        tuple(_node(reading, each, keys, object_type(picked)) for each in _picked(reading, picked)),
        keys,
        None if wanted is None else condition(reading, argument_type(picked, "filter"), wanted),
        () if having is None else _having(reading, argument_type(picked, "having"), having),
        _order(argument_type(picked, "orderBy"), given.get("orderBy"), keys),
        None if size is None else reading.parameter(size),
        None if sought is None else reading.parameter(sought),
    )


# --- keys -------------------------------------------------------------------------------------------------------------


def _group_keys(type_: GraphQLInputObjectType, given: object, zone: Parameter | None) -> tuple[GroupKey, ...]:
    return tuple(_group_key(type_, key, zone) for key in (given if isinstance(given, Sequence) else ()))


def _group_key(type_: GraphQLInputObjectType, given: object, zone: Parameter | None) -> GroupKey:
    ((name, value),) = given_members(given, type_.name)
    if isinstance(value, Mapping):
        inner = _group_key(input_type(type_.fields[name]), value, zone)
        return GroupKey((name, *inner.path), inner.granularity, inner.zone)
    if isinstance(value, str):
        return GroupKey((name,), value, zone)
    if value is not True:
        raise GroupKeyNotTrue(name=name)
    return GroupKey((name,))


def _position(keys: tuple[GroupKey, ...], path: tuple[str, ...]) -> int:
    for number, key in enumerate(keys):
        if key.path == path:
            return number
    raise NotGrouped(name=".".join(path))


# --- what is selected -------------------------------------------------------------------------------------------------


def _picked(reading: Reading, picked: Picked) -> list[Picked]:
    return reading.pick(object_type(picked), picked.selection_sets)


def _node(reading: Reading, picked: Picked, keys: tuple[GroupKey, ...], type_: GraphQLObjectType) -> AggregateNode:
    if picked.name == TYPENAME:
        return AggregateNode(picked.key, name=type_.name)
    means = meaning(picked)
    if means.role is Role.GROUP:
        return AggregateNode(picked.key, _groupgiven_members(reading, picked, keys, ()))
    if means.role is Role.COUNT:
        return AggregateNode(picked.key, measure=Measure(_COUNT))
    inner = object_type(picked)
    return AggregateNode(
        picked.key, tuple(_measure(reading, each, means.name, inner) for each in _picked(reading, picked))
    )


def _groupgiven_members(
    reading: Reading, picked: Picked, keys: tuple[GroupKey, ...], path: tuple[str, ...]
) -> tuple[AggregateNode, ...]:
    type_ = object_type(picked)
    nodes = []
    for each in _picked(reading, picked):
        if each.name == TYPENAME:
            nodes.append(AggregateNode(each.key, name=type_.name))
            continue
        means = meaning(each)
        if means.role is Role.FOLLOW:
            nodes.append(AggregateNode(each.key, _groupgiven_members(reading, each, keys, (*path, each.name))))
        elif means.role is Role.CHOICE_LABEL:
            locale = reading.arguments(each).get("locale")
            label = ChoiceLabel(each.key, means.name, None if locale is None else reading.parameter(locale))
            nodes.append(AggregateNode(each.key, group=_position(keys, (*path, means.name)), label=label))
        else:
            nodes.append(AggregateNode(each.key, group=_position(keys, (*path, each.name))))
    return tuple(nodes)


def _measure(reading: Reading, picked: Picked, function: str, type_: GraphQLObjectType) -> AggregateNode:
    if picked.name == TYPENAME:
        return AggregateNode(picked.key, name=type_.name)
    measure = Measure(function, meaning(picked).name)
    # Money is answered as a list of amounts, one for each currency, whose members have keys of their own.
    members = (
        tuple(AggregateNode(key, name=name) for key, name in parts(reading, picked)) if picked.selection_sets else ()
    )
    return AggregateNode(picked.key, members, measure)


# --- having and order -------------------------------------------------------------------------------------------------


def _having(reading: Reading, type_: GraphQLInputObjectType, given: object) -> tuple[Having, ...]:
    return tuple(
        Having(measure, operator, reading.parameter(operand))
        for measure, operators in _measures(type_, given)
        for operator, operand in given_members(operators, measure.field or _COUNT)
    )


def _order(type_: GraphQLInputObjectType, given: object, keys: tuple[GroupKey, ...]) -> tuple[AggregateOrder, ...]:
    return tuple(_order_key(type_, key, keys) for key in (given if isinstance(given, Sequence) else ()))


def _order_key(type_: GraphQLInputObjectType, given: object, keys: tuple[GroupKey, ...]) -> AggregateOrder:
    ((name, value),) = given_members(given, type_.name)
    means = coordinate(type_.fields[name])
    if means is not None and means.role is Role.GROUP:
        path, direction = _group_path(value, name)
        return AggregateOrder(_position(keys, path), direction)
    ((measure, direction_value),) = _measures(type_, given)
    return AggregateOrder(measure, Direction(str(direction_value)))


def _group_path(given: object, name: str) -> tuple[tuple[str, ...], Direction]:
    ((key, value),) = given_members(given, name)
    if isinstance(value, Mapping):
        path, direction = _group_path(value, key)
        return (key, *path), direction
    return (key,), Direction(str(value))


def _measures(type_: GraphQLInputObjectType, given: object) -> tuple[tuple[Measure, object], ...]:
    found: list[tuple[Measure, object]] = []
    for name, value in given_members(given, type_.name):
        means = coordinate(type_.fields[name])
        if means is not None and means.role is Role.COUNT:
            found.append((Measure(_COUNT), value))
        else:
            found.extend((Measure(name, field), inner) for field, inner in given_members(value, name))
    return tuple(found)
