"""What is asked of records: one operator family per kind of value, and a filter per object that joins them.

The operator table is the contract of the API; what an operator means in SQL is the compiler's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import GraphQLBoolean, GraphQLInputField, GraphQLInputObjectType, GraphQLInt

from schema.metadata.fields import Field
from schema.metadata.naming import compose_type, id_member, ids_member
from schema.metadata.objects import Object
from schema.metadata.types import Operators
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.slim import InputField, InputType
from schema.sdl.types import Types

_ORDERED = ("lt", "lte", "gt", "gte")
_BY_PARTS = frozenset({Operators.MONEY, Operators.ADDRESS})
_LISTS = frozenset({"in", "notIn", "between", "hasAny", "hasAll"})
_EQUAL = ("eq", "ne", "in", "notIn")
_UNITS = ("Week", "Month", "Quarter", "Year")
_NAMED_DAYS = (
    "today",
    "yesterday",
    "tomorrow",
    *(f"{word}{unit}" for unit in _UNITS for word in ("last", "this", "next")),
)
_COUNTED_DAYS = tuple(f"{word}N{unit}s" for unit in ("Day", *_UNITS) for word in ("last", "next"))
_DATES = (*_EQUAL, *_ORDERED, "between", *_NAMED_DAYS, *_COUNTED_DAYS, "within")

# (scalar of the operand, operators) of each family; every family also has `isEmpty`.
FAMILIES: Mapping[Operators, tuple[str, tuple[str, ...]]] = {
    Operators.TEXT: ("String", (*_EQUAL, *_ORDERED, "between", "contains", "startsWith", "endsWith")),
    Operators.KEY: ("String", _EQUAL),
    Operators.ID: ("ID", _EQUAL),
    Operators.INT: ("Int", (*_EQUAL, *_ORDERED, "between")),
    Operators.LONG: ("Long", (*_EQUAL, *_ORDERED, "between")),
    Operators.DECIMAL: ("Decimal", (*_EQUAL, *_ORDERED, "between")),
    Operators.BOOLEAN: ("Boolean", ("eq", "ne")),
    Operators.DATE: ("Date", _DATES),
    Operators.DATETIME: ("DateTime", _DATES),
    Operators.TIME: ("Time", (*_EQUAL, *_ORDERED, "between")),
    Operators.DURATION: ("Duration", (*_EQUAL, *_ORDERED, "between")),
    Operators.WORDS: ("String", ("contains",)),
    # The code of a district begins with that of its city and of its province.
    Operators.AREA: ("String", (*_EQUAL, "startsWith")),
    Operators.LIST: ("String", ("has", "hasAny", "hasAll")),
    Operators.FILES: ("Int", ("countAtLeast",)),
    Operators.ID_LIST: ("ID", ("has", "hasAny", "hasAll")),
}


def filter_type(types: Types, thing: Object) -> GraphQLInputObjectType:
    """The filter of one object: its fields, its relations, and `and or not`."""
    name = compose_type(thing.name, "Filter")
    return types.once(name, lambda: InputType(name, lambda: types.counted(_members(types, thing))))


def operators_type(types: Types, family: Operators) -> GraphQLInputObjectType:
    """The operators of one family."""
    name = family.value
    if family is Operators.MONEY:
        return types.once(name, lambda: _money_filter(types))
    if family is Operators.ADDRESS:
        return types.once(name, lambda: _address_filter(types))
    if family is Operators.POINT:
        return types.once(name, lambda: _point_filter(types))
    return types.once(name, lambda: InputType(name, _operators(types, family)))


def _operators(types: Types, family: Operators) -> dict[str, GraphQLInputField]:
    scalar, operators = FAMILIES[family]
    operand = types.scalar(scalar)
    members = {}
    for operator in operators:
        if operator == "within":
            members[operator] = InputField(_relative_dates(types))
        elif operator in _NAMED_DAYS:
            members[operator] = InputField(GraphQLBoolean)
        elif operator in _COUNTED_DAYS:
            members[operator] = InputField(GraphQLInt)
        elif operator in _LISTS:
            members[operator] = InputField(types.list_of(operand))
        else:
            members[operator] = InputField(operand)
    return {**members, "isEmpty": InputField(GraphQLBoolean)}


def _money_filter(types: Types) -> GraphQLInputObjectType:
    return InputType(
        Operators.MONEY.value,
        {
            "amount": InputField(operators_type(types, Operators.DECIMAL)),
            "currency": InputField(operators_type(types, Operators.KEY)),
            "isEmpty": InputField(GraphQLBoolean),
        },
    )


def _address_filter(types: Types) -> GraphQLInputObjectType:
    return InputType(
        Operators.ADDRESS.value,
        {
            "code": InputField(operators_type(types, Operators.AREA)),
            "text": InputField(operators_type(types, Operators.TEXT)),
            "isEmpty": InputField(GraphQLBoolean),
        },
    )


def _point_filter(types: Types) -> GraphQLInputObjectType:
    circle = types.of_floats(
        "GeolocationNear", "latitude", "longitude", "metres", description="At most so many metres over the ground."
    )
    box = types.of_floats(
        "GeolocationBox",
        *("south", "north", "west", "east"),
        description="A part of a map; its west lies beyond its east where the line of date goes through it.",
    )
    return InputType(
        Operators.POINT.value,
        {"near": InputField(circle), "inBox": InputField(box), "isEmpty": InputField(GraphQLBoolean)},
    )


def _relative_dates(types: Types) -> GraphQLInputObjectType:
    return types.once(
        "RelativeDates",
        lambda: InputType(
            "RelativeDates",
            {
                "unit": InputField(types.not_null(types.granularity)),
                "from": GraphQLInputField(GraphQLInt, default_value=0),
                "to": GraphQLInputField(GraphQLInt, default_value=0),
            },
            description="Whole days, weeks, months … counted from the present one, both ends included: "
            "`{unit: MONTH}` is this month, `{unit: DAY, from: -6}` the last seven days.",
        ),
    )


def _members(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLInputField]]:
    own = types.list_of(filter_type(types, thing))
    combine = {name: Coordinate(Role.COMBINE, name, thing.name).extension() for name in ("and", "or", "not")}
    yield "and", InputField(own, extensions=combine["and"])
    yield "or", InputField(own, extensions=combine["or"])
    yield "not", InputField(filter_type(types, thing), extensions=combine["not"])
    for field in types.compared(thing):
        yield from _field_members(types, thing, field)
    for inverse in types.inverses(thing):
        child = types.target(inverse.object_name)
        yield (
            inverse.name,
            InputField(
                _quantifiers(types, child), extensions=Coordinate(Role.QUANTIFY, inverse.name, child.name).extension()
            ),
        )


def _field_members(types: Types, thing: Object, field: Field) -> Iterator[tuple[str, GraphQLInputField]]:
    family = field.type.operators
    if family is Operators.NONE:
        return
    label = types.words.field(thing.name, field.name)
    if field.type.has_several:
        means = Coordinate(Role.COMPARE, field.name, thing.name)
        yield (
            ids_member(field.name),
            InputField(operators_type(types, family), description=label, extensions=means.extension()),
        )
        return
    if field.relation is not None:
        target = types.target(field.relation.target)
        if types.projection.reads(target.name):
            yield (
                field.name,
                InputField(
                    filter_type(types, target),
                    description=label,
                    extensions=Coordinate(Role.FOLLOW, field.name, target.name).extension(),
                ),
            )
        yield (
            id_member(field.name),
            InputField(
                operators_type(types, family),
                extensions=Coordinate(Role.COMPARE, id_member(field.name), thing.name).extension(),
            ),
        )
        return
    role = Role.COMPARE_PARTS if family in _BY_PARTS else Role.COMPARE
    yield (
        field.name,
        InputField(
            operators_type(types, family),
            description=label,
            extensions=Coordinate(role, field.name, thing.name).extension(),
        ),
    )


def _quantifiers(types: Types, child: Object) -> GraphQLInputObjectType:
    name = compose_type(child.name, "ListFilter")
    return types.once(
        name,
        lambda: InputType(
            name, lambda: dict.fromkeys(("some", "none", "every"), InputField(filter_type(types, child)))
        ),
    )
