"""What is read: record types, connections and the root fields that answer them."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLArgumentMap,
    GraphQLBoolean,
    GraphQLField,
    GraphQLFieldMap,
    GraphQLID,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

from schema.metadata.fields import Field
from schema.metadata.naming import aggregate_member, compose_type, id_member, ids_member, label_member
from schema.metadata.objects import Object
from schema.metadata.record_fields import NEVER_EMPTY, TO_USER
from schema.metadata.types import Output
from schema.sdl.aggregates import groups_field, label_field
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.filters import filter_type
from schema.sdl.inputs import order_type
from schema.sdl.projections import with_auth
from schema.sdl.search import search_argument
from schema.sdl.slim import Argument, ObjectType, OutputField
from schema.sdl.types import Types

_ROLES = {Output.MONEY: Role.MONEY, Output.POINT: Role.PARTS, Output.ADDRESS: Role.PARTS, Output.FILES: Role.PARTS}


# Arguments that name no type of a schema are the same for all.
_PAGE: GraphQLArgumentMap = {
    "first": Argument(GraphQLInt),
    "after": Argument(GraphQLString),
    "last": Argument(GraphQLInt),
    "before": Argument(GraphQLString),
}
_DELETED = Argument(GraphQLBoolean, description="True reads the deleted records instead of the live ones.")
_ID: GraphQLArgumentMap = {"id": Argument(GraphQLNonNull(GraphQLID))}


def query_names(thing: Object) -> tuple[str, ...]:
    """The root fields of one object."""
    return thing.name, thing.plural, aggregate_member(thing.plural)


def query_fields(types: Types, thing: Object) -> GraphQLFieldMap:
    """`customer(id)`, `customers(…)` and `customersAggregate(…)`."""
    if not types.projection.reads(thing.name):
        return {}
    auth = types.projection.of_object(thing.name)
    return {
        thing.name: OutputField(
            record_type(types, thing),
            args=_ID,
            extensions=with_auth(Coordinate(Role.RECORD, thing.name, thing.name).extension(), auth),
        ),
        thing.plural: OutputField(
            connection_type(types, thing),
            args=connection_arguments(types, thing),
            extensions=with_auth(Coordinate(Role.RECORDS, thing.plural, thing.name).extension(), auth),
        ),
        aggregate_member(thing.plural): groups_field(types, thing, Coordinate(Role.GROUPS, "", thing.name), auth),
    }


def node_field(types: Types) -> GraphQLField:
    """`node(id)`: any record by its id."""
    return OutputField(types.node, args=_ID, extensions=Coordinate(Role.NODE).extension())


def record_type(types: Types, thing: Object) -> GraphQLObjectType:
    """The type of one record."""
    name = compose_type(thing.name)
    return types.once(
        name,
        lambda: ObjectType(
            name,
            lambda: types.counted(_members(types, thing)),
            interfaces=(types.node,),
            description=types.words.object(thing.name),
        ),
    )


def connection_type(types: Types, thing: Object) -> GraphQLObjectType:
    """A page of records after Relay, with `nodes` and a total."""
    name = compose_type(thing.name, "Connection")
    record = record_type(types, thing)
    return types.once(
        name,
        lambda: ObjectType(
            name,
            lambda: types.counted([
                ("edges", _part("edges", types.not_null(types.list_of(_edge_type(types, thing))), thing)),
                ("nodes", _part("nodes", types.not_null(types.list_of(record)), thing)),
                ("pageInfo", _part("pageInfo", types.not_null(types.page_info), thing)),
                ("totalCount", _part("totalCount", GraphQLInt, thing)),
                ("totalCountIsExact", _part("totalCountIsExact", GraphQLBoolean, thing)),
            ]),
        ),
    )


def connection_arguments(types: Types, thing: Object) -> GraphQLArgumentMap:
    """How a page is asked for."""
    arguments: GraphQLArgumentMap = {
        "filter": Argument(filter_type(types, thing)),
        **search_argument(thing),
        "orderBy": Argument(types.list_of(order_type(types, thing))),
        **_PAGE,
    }
    if thing.soft_deletes and types.projection.trash(thing.name):
        arguments["deleted"] = _DELETED
    return arguments


def _edge_type(types: Types, thing: Object) -> GraphQLObjectType:
    name = compose_type(thing.name, "Edge")
    return types.once(
        name,
        lambda: ObjectType(
            name,
            lambda: {
                "cursor": _part("cursor", GraphQLString, thing),
                "node": _part("node", record_type(types, thing), thing),
            },
        ),
    )


def _part(name: str, type_: GraphQLNonNull | GraphQLInt, thing: Object) -> GraphQLField:  # type: ignore[type-arg, valid-type]
    return OutputField(type_, extensions=Coordinate(Role.PART, name, thing.name).extension())


def _members(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLField]]:
    for field in types.fields(thing):
        yield from _field_members(types, thing, field)
    for field in thing.lookups:
        yield from _lookup_member(types, thing, field)
    for inverse in types.inverses(thing):
        child = types.target(inverse.object_name)
        yield (
            inverse.name,
            OutputField(
                connection_type(types, child),
                args=connection_arguments(types, child),
                extensions=Coordinate(Role.TO_MANY, inverse.name, child.name, ordered_by=inverse.lines_by).extension(),
            ),
        )
        yield (
            aggregate_member(inverse.name),
            groups_field(types, child, Coordinate(Role.CHILD_GROUPS, inverse.name, child.name)),
        )
    yield (
        "maskedFields",
        OutputField(
            types.list_of(GraphQLString), extensions=Coordinate(Role.LEAF, "maskedFields", thing.name).extension()
        ),
    )


def _field_members(types: Types, thing: Object, field: Field) -> Iterator[tuple[str, GraphQLField]]:
    label = types.words.field(thing.name, field.name)
    auth = types.projection.of_field(thing.name, field.name)
    if field.relation is not None:
        target = types.target(field.relation.target)
        if types.projection.reads(target.name):
            yield (
                field.name,
                OutputField(
                    record_type(types, target),
                    description=label,
                    extensions=with_auth(Coordinate(Role.TO_ONE, field.name, target.name).extension(), auth),
                ),
            )
        by_id = Coordinate(Role.LEAF, id_member(field.name), thing.name)
        yield id_member(field.name), OutputField(GraphQLID, extensions=with_auth(by_id.extension(), auth))
        return
    if field.type.has_several:
        yield from _several(types, thing, field)
        return
    output = types.output(field.type.output)
    role = _ROLES.get(field.type.output, Role.LEAF)
    yield (
        field.name,
        OutputField(
            types.not_null(output) if field.name in NEVER_EMPTY else output,
            description=label,
            extensions=with_auth(Coordinate(role, field.name, thing.name).extension(), auth),
        ),
    )
    if field.type.has_choices and field.type.output is Output.TEXT:
        yield label_member(field.name), label_field(thing, field, auth)


def _lookup_member(types: Types, thing: Object, field: Field) -> Iterator[tuple[str, GraphQLField]]:
    """A field of the record behind a relation, for whoever may read all that leads to it."""
    shown = types.shape.shown(thing.name, field.name)
    if shown is None:
        return
    relation, target, source = shown
    selected = ((thing.name, field.name), (thing.name, relation.name), (target.name, source.name))
    if not all(types.projection.selects(*each) for each in selected):
        return
    shows = Coordinate(_ROLES.get(source.type.output, Role.LEAF), source.name, target.name)
    means = Coordinate(Role.LOOKUP, field.name, thing.name, relation=relation.name, shows=shows)
    yield (
        field.name,
        OutputField(
            types.output(source.type.output),
            description=types.words.field(thing.name, field.name),
            extensions=with_auth(means.extension(), types.projection.of_field(target.name, source.name)),
        ),
    )


def _several(types: Types, thing: Object, field: Field) -> Iterator[tuple[str, GraphQLField]]:
    """The persons themselves, and their ids."""
    target, auth = types.target(TO_USER.target), types.projection.of_field(thing.name, field.name)
    if types.projection.reads(target.name):
        yield (
            field.name,
            OutputField(
                types.list_of(record_type(types, target)),
                description=types.words.field(thing.name, field.name),
                extensions=with_auth(Coordinate(Role.TO_SEVERAL, field.name, target.name).extension(), auth),
            ),
        )
    yield (
        ids_member(field.name),
        OutputField(
            types.list_of(GraphQLID),
            extensions=with_auth(Coordinate(Role.LEAF, field.name, thing.name).extension(), auth),
        ),
    )
