"""Groups of records and what is measured of them: `customersAggregate(filter, groupBy, having, orderBy, first)`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from graphql import (
    GraphQLArgumentMap,
    GraphQLBoolean,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
)

from schema.metadata.fields import Field, FieldState
from schema.metadata.naming import compose_type, id_member, label_member
from schema.metadata.objects import Object
from schema.metadata.types import Function, Operators, Output
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.filters import filter_type, operators_type
from schema.sdl.projections import Auth, with_auth
from schema.sdl.search import search_argument
from schema.sdl.slim import Argument, InputField, InputType, ObjectType, OutputField
from schema.sdl.types import Types

_DATES = frozenset({Output.DATE, Output.DATETIME})
# Arguments that name no type of a schema are the same for all.
_FIRST: GraphQLArgumentMap = {
    "first": Argument(GraphQLInt),
    "zone": Argument(GraphQLString, description="The zone whose days and months count."),
}
_LOCALE: GraphQLArgumentMap = {"locale": Argument(GraphQLString)}
# What is not named here is summed to what it is.
_SUMS = {Output.INT: Output.LONG}
TITLES = {
    Function.SUM: "Sum",
    Function.AVG: "Avg",
    Function.MIN: "Min",
    Function.MAX: "Max",
    Function.COUNT_DISTINCT: "CountDistinct",
}


class Use(StrEnum):
    """Where the members of a measure stand."""

    OUTPUT = ""
    ORDER = "Order"
    HAVING = "Having"


def groups_field(types: Types, thing: Object, means: Coordinate, auth: Auth | None = None) -> GraphQLField:
    """A list of groups; without `groupBy` exactly one."""
    return OutputField(
        types.list_of(_aggregate_type(types, thing)),
        args={
            "filter": Argument(filter_type(types, thing)),
            **search_argument(thing),
            "groupBy": Argument(types.list_of(_group_by_type(types, thing))),
            "having": Argument(_measures_input(types, thing, Use.HAVING)),
            "orderBy": Argument(types.list_of(_measures_input(types, thing, Use.ORDER))),
            **_FIRST,
        },
        extensions=with_auth(means.extension(), auth),
    )


def _aggregate_type(types: Types, thing: Object) -> GraphQLObjectType:
    name = compose_type(thing.name, "Aggregate")
    return types.once(name, lambda: ObjectType(name, lambda: types.counted(_aggregate_members(types, thing))))


def _aggregate_members(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLField]]:
    yield (
        "group",
        OutputField(_group_type(types, thing), extensions=Coordinate(Role.GROUP, "group", thing.name).extension()),
    )
    yield "count", OutputField(GraphQLInt, extensions=Coordinate(Role.COUNT, "count").extension())
    for function in Function:
        if _measured_fields(types, thing, function):
            yield (
                function.value,
                OutputField(
                    _measure_output(types, thing, function),
                    extensions=Coordinate(Role.MEASURES, function.value, thing.name).extension(),
                ),
            )


def measured_fields(thing: Object, function: Function) -> tuple[Field, ...]:
    """The fields that a function can be applied to."""
    return tuple(
        field for field in thing.fields if field.state is not FieldState.RETIRED and function in field.type.functions
    )


def _measured_fields(types: Types, thing: Object, function: Function) -> tuple[Field, ...]:
    """Of these, those that the caller may measure."""
    compared = types.compared(thing)
    return tuple(field for field in measured_fields(thing, function) if field in compared)


# --- groups -----------------------------------------------------------------------------------------------------------


def _group_fields(types: Types, thing: Object) -> Iterator[Field]:
    return (each for each in types.compared(thing) if each.type.groupable)


def _behind(types: Types, field: Field) -> Object | None:
    """The object that a relation leads to, if the caller may follow it."""
    if field.relation is None or not types.projection.reads(field.relation.target):
        return None
    return types.target(field.relation.target)


def label_field(thing: Object, field: Field, auth: Auth | None = None) -> GraphQLField:
    """What a choice is called, beside its key."""
    return OutputField(
        GraphQLString,
        args=_LOCALE,
        extensions=with_auth(Coordinate(Role.CHOICE_LABEL, field.name, thing.name).extension(), auth),
    )


def _group_type(types: Types, thing: Object) -> GraphQLObjectType:
    name = compose_type(thing.name, "Group")
    return types.once(
        name,
        lambda: ObjectType(
            name,
            lambda: types.counted(_group_members(types, thing)),
            description="The value of each key of `groupBy`; dates are the first day of their bucket.",
        ),
    )


def _group_members(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLField]]:
    for field in _group_fields(types, thing):
        leaf = Coordinate(Role.LEAF, field.name, thing.name)
        if field.relation is not None:
            if (target := _behind(types, field)) is not None:
                follow = Coordinate(Role.FOLLOW, field.name, target.name)
                yield field.name, OutputField(_group_type(types, target), extensions=follow.extension())
            leaf = Coordinate(Role.LEAF, id_member(field.name), thing.name)
            yield id_member(field.name), OutputField(types.scalar("ID"), extensions=leaf.extension())
        elif field.type.output in _DATES:
            yield field.name, OutputField(types.scalar("Date"), extensions=leaf.extension())
        else:
            yield field.name, OutputField(types.output(field.type.output), extensions=leaf.extension())
            if field.type.has_choices and field.type.output is Output.TEXT:
                yield label_member(field.name), label_field(thing, field)


def _group_by_type(types: Types, thing: Object) -> GraphQLInputObjectType:
    name = compose_type(thing.name, "GroupBy")
    return types.once(
        name, lambda: InputType(name, lambda: types.counted(_group_by_members(types, thing)), is_one_of=True)
    )


def _group_by_members(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLInputField]]:
    for field in _group_fields(types, thing):
        leaf = Coordinate(Role.LEAF, field.name, thing.name)
        if field.relation is not None:
            if (target := _behind(types, field)) is not None:
                follow = Coordinate(Role.FOLLOW, field.name, target.name)
                yield field.name, InputField(_group_by_type(types, target), extensions=follow.extension())
            leaf = Coordinate(Role.LEAF, id_member(field.name), thing.name)
            yield id_member(field.name), InputField(GraphQLBoolean, extensions=leaf.extension())
        elif field.type.output in _DATES:
            yield field.name, InputField(types.granularity, extensions=leaf.extension())
        else:
            yield field.name, InputField(GraphQLBoolean, extensions=leaf.extension())


# --- measures ---------------------------------------------------------------------------------------------------------


def _measure_output(types: Types, thing: Object, function: Function) -> GraphQLObjectType:
    name = compose_type(thing.name, TITLES[function])
    return types.once(
        name,
        lambda: ObjectType(
            name,
            lambda: types.counted(
                (
                    field.name,
                    types.alike(
                        OutputField,
                        _measured(types, field, function),
                        extensions=Coordinate(Role.MEASURE, field.name, thing.name).extension(),
                    ),
                )
                for field in _measured_fields(types, thing, function)
            ),
        ),
    )


def _measured(types: Types, field: Field, function: Function) -> GraphQLOutputType:
    output = field.type.output
    if function is Function.COUNT_DISTINCT:
        return GraphQLInt
    if output is Output.MONEY:
        # Amounts of different currencies are never added up.
        return types.list_of(types.money)
    if function is Function.SUM:
        return types.output(_SUMS.get(output, output))
    if function is Function.AVG and output is not Output.DURATION:
        return types.scalar("Decimal")
    return types.output(output)


def _measures_input(types: Types, thing: Object, use: Use) -> GraphQLInputObjectType:
    name = compose_type(thing.name, "AggregateOrder" if use is Use.ORDER else "Having")
    return types.once(
        name,
        lambda: InputType(name, lambda: types.counted(_input_members(types, thing, use)), is_one_of=use is Use.ORDER),
    )


def _input_members(types: Types, thing: Object, use: Use) -> Iterator[tuple[str, GraphQLInputField]]:
    if use is Use.ORDER:
        yield (
            "group",
            InputField(
                _group_order_type(types, thing), extensions=Coordinate(Role.GROUP, "group", thing.name).extension()
            ),
        )
    yield (
        "count",
        InputField(
            types.direction if use is Use.ORDER else operators_type(types, Operators.INT),
            extensions=Coordinate(Role.COUNT, "count").extension(),
        ),
    )
    for function in Function:
        # A sum of money is a list by currency and has no order.
        fields = tuple(
            each
            for each in _measured_fields(types, thing, function)
            if each.type.output is not Output.MONEY or function is Function.COUNT_DISTINCT
        )
        if fields:
            yield (
                function.value,
                InputField(
                    _measure_input(types, thing, function, fields, use=use),
                    extensions=Coordinate(Role.MEASURES, function.value, thing.name).extension(),
                ),
            )


def _measure_input(
    types: Types, thing: Object, function: Function, fields: tuple[Field, ...], *, use: Use
) -> GraphQLInputObjectType:
    name = compose_type(thing.name, f"{TITLES[function]}{use.value}")
    return types.once(
        name,
        lambda: InputType(
            name,
            lambda: types.counted(
                (
                    field.name,
                    types.alike(
                        InputField,
                        types.direction if use is Use.ORDER else _measure_operators(types, field, function),
                        extensions=Coordinate(Role.MEASURE, field.name, thing.name).extension(),
                    ),
                )
                for field in fields
            ),
            is_one_of=use is Use.ORDER,
        ),
    )


def _measure_operators(types: Types, field: Field, function: Function) -> GraphQLInputObjectType:
    if function is Function.COUNT_DISTINCT:
        return operators_type(types, Operators.INT)
    if function is Function.AVG and field.type.output is not Output.DURATION:
        return operators_type(types, Operators.DECIMAL)
    if function is Function.SUM and field.type.output is Output.INT:
        return operators_type(types, Operators.LONG)
    return operators_type(types, field.type.operators)


def _group_order_type(types: Types, thing: Object) -> GraphQLInputObjectType:
    name = compose_type(thing.name, "GroupOrder")
    return types.once(
        name, lambda: InputType(name, lambda: types.counted(_group_order_members(types, thing)), is_one_of=True)
    )


def _group_order_members(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLInputField]]:
    for field in _group_fields(types, thing):
        if field.relation is not None:
            if (target := _behind(types, field)) is not None:
                follow = Coordinate(Role.FOLLOW, field.name, target.name)
                yield field.name, InputField(_group_order_type(types, target), extensions=follow.extension())
        else:
            yield (
                field.name,
                types.alike(
                    InputField, types.direction, extensions=Coordinate(Role.LEAF, field.name, thing.name).extension()
                ),
            )
