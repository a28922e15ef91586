"""What is given: the order of a page, and the fields of a record that may be written."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from graphql import GraphQLID, GraphQLInputField, GraphQLInputObjectType

from schema.metadata.fields import Field, FieldState
from schema.metadata.naming import compose_type, id_member, ids_member
from schema.metadata.objects import Object
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.slim import InputField, InputType
from schema.sdl.types import Types

LINE_ID = "id"


def order_type(types: Types, thing: Object) -> GraphQLInputObjectType:
    """One key of an order: exactly one field, possibly over to-one relations."""
    name = compose_type(thing.name, "Order")
    return types.once(
        name, lambda: InputType(name, lambda: types.counted(_order_members(types, thing)), is_one_of=True)
    )


def create_type(types: Types, thing: Object) -> GraphQLInputObjectType:
    """The fields of a new record.

    What is required is a rule of the write path, so that all errors come at once; it stands in the description.
    """
    name = compose_type(thing.name, "Create")
    return types.once(name, lambda: InputType(name, lambda: _given(types, thing, asks=True)))


def set_type(types: Types, thing: Object) -> GraphQLInputObjectType:
    """The fields to change: missing leaves a field untouched, null clears it."""
    name = compose_type(thing.name, "Set")
    return types.once(name, lambda: InputType(name, lambda: _given(types, thing)))


def line_type(types: Types, thing: Object, head: str) -> GraphQLInputObjectType:
    """A line as it is given with its head, which the field `head` of the line points at."""
    name = compose_type(thing.name, "Input")
    decided = {head, thing.owner_field}
    return types.once(
        name,
        lambda: InputType(
            name, lambda: types.counted([(LINE_ID, _line_id()), *_writable(types, thing, asks=True, decided=decided)])
        ),
    )


def writable_fields(thing: Object) -> tuple[Field, ...]:
    """The fields that inputs name."""
    return tuple(
        field
        for field in thing.fields
        if field.state is not FieldState.RETIRED and not field.type.computed and not field.read_only
    )


def written_fields(types: Types, thing: Object) -> tuple[Field, ...]:
    """Of these, those that the caller may write."""
    return tuple(field for field in writable_fields(thing) if types.projection.writes(thing.name, field.name))


def input_name(field: Field) -> str:
    """How a field is named in inputs: relations by their id."""
    if field.type.has_several:
        return ids_member(field.name)
    return id_member(field.name) if field.relation is not None else field.name


def _order_members(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLInputField]]:
    for field in types.compared(thing):
        if field.relation is not None:
            target = types.target(field.relation.target)
            if not types.projection.reads(target.name):
                continue
            yield (
                field.name,
                InputField(
                    order_type(types, target), extensions=Coordinate(Role.FOLLOW, field.name, target.name).extension()
                ),
            )
        elif field.type.sortable:
            yield (
                field.name,
                types.alike(
                    InputField, types.direction, extensions=Coordinate(Role.LEAF, field.name, thing.name).extension()
                ),
            )


def _given(types: Types, thing: Object, *, asks: bool = False) -> dict[str, GraphQLInputField]:
    members = chain(_writable(types, thing, asks=asks), _line_tables(types, thing), _links(types, thing))
    return types.counted(members)


def _line_tables(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLInputField]]:
    for inverse in thing.line_tables:
        lines = types.target(inverse.object_name)
        if types.projection.does(lines.name, "create") and written_fields(types, lines):
            yield (
                inverse.name,
                InputField(
                    types.list_of(line_type(types, lines, inverse.field_name)),
                    description=types.words.object(lines.name),
                    extensions=Coordinate(Role.TO_MANY, inverse.name, lines.name).extension(),
                ),
            )


def _links(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLInputField]]:
    for inverse in thing.link_fields:
        if types.projection.reads(inverse.object_name) and types.projection.writes(*inverse.decided_by):
            yield (
                inverse.name,
                InputField(
                    links_type(types),
                    description=types.words.field(thing.name, inverse.name),
                    extensions=Coordinate(Role.TO_MANY, inverse.name, inverse.object_name).extension(),
                ),
            )


def links_type(types: Types) -> GraphQLInputObjectType:
    """What becomes of the links of a record."""
    ids = types.list_of(GraphQLID)
    return types.once(
        "LinksInput",
        lambda: InputType(
            "LinksInput",
            {name: InputField(ids) for name in ("set", "add", "remove")},
            description="`set` names all records that shall be linked, `add` and `remove` some that shall be or not. "
            "Links to records that you do not see stay.",
        ),
    )


def _line_id() -> GraphQLInputField:
    return InputField(GraphQLID, description="Of a line that is there already; without it, a new one is made.")


def _writable(
    types: Types, thing: Object, *, asks: bool = False, decided: Collection[str] = ()
) -> Iterator[tuple[str, GraphQLInputField]]:
    for field in written_fields(types, thing):
        if field.name in decided:
            continue
        fills_itself = field.option("default") is not None or field.name == thing.owner_field
        yield (
            input_name(field),
            types.alike(
                InputField,
                GraphQLID if field.relation is not None else types.input(field.type.output),
                description=types.words.field(
                    thing.name, field.name, is_asked=asks and field.required and not fills_itself
                ),
                extensions=Coordinate(Role.LEAF, field.name, thing.name).extension(),
            ),
        )
