"""Types that take less memory say the same as the library's, and what they share cannot be written into."""

from __future__ import annotations

import gc

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLString,
    print_type,
)

from schema.sdl.slim import InputType, ObjectType


def outputs() -> dict[str, GraphQLField]:
    return {
        "plain": GraphQLField(GraphQLString),
        "asked": GraphQLField(GraphQLString, {"how": GraphQLArgument(GraphQLString)}, extensions={"means": "it"}),
    }


def inputs() -> dict[str, GraphQLInputField]:
    return {"plain": GraphQLInputField(GraphQLString), "told": GraphQLInputField(GraphQLString, extensions={"a": 1})}


def test_object_types_are_those_of_the_library() -> None:
    slim = ObjectType("Thing", outputs, description="A thing.")
    usual = GraphQLObjectType("Thing", outputs, description="A thing.")

    assert (slim.fields, slim.interfaces, slim.extensions) == (usual.fields, usual.interfaces, usual.extensions)
    assert print_type(slim) == print_type(usual)


def test_input_types_are_those_of_the_library() -> None:
    slim, usual = (kind("Given", inputs, is_one_of=True) for kind in (InputType, GraphQLInputObjectType))

    assert (slim.fields, slim.extensions, slim.is_one_of) == (usual.fields, usual.extensions, usual.is_one_of)
    assert print_type(slim) == print_type(usual)


def test_members_are_found_once() -> None:
    objects, given = ObjectType("Thing", outputs), InputType("Given", inputs)

    assert objects.fields is objects.fields
    assert given.fields is given.fields


def test_what_has_nothing_to_say_shares_a_nothing_that_stays_one() -> None:
    objects, given = ObjectType("Thing", outputs), InputType("Given", inputs)
    plain, asked = objects.fields["plain"], objects.fields["asked"]

    nothings = [objects.extensions, given.extensions, plain.args, plain.extensions, asked.args["how"].extensions]
    assert len({*map(id, [*nothings, given.fields["plain"].extensions])}) == 1
    with pytest.raises(TypeError):
        plain.args["how"] = GraphQLArgument(GraphQLString)


def test_types_are_no_dictionaries() -> None:
    many: list[ObjectType | InputType] = [ObjectType(f"Thing{number}", outputs) for number in range(100)]
    many += [InputType(f"Given{number}", inputs) for number in range(100)]
    for each in many:
        assert each.fields
        if isinstance(each, ObjectType):
            assert each.interfaces == ()

    # An object that Python had to make a dictionary of refers to that.
    assert not [
        each for each in many if any(isinstance(part, dict) and "name" in part for part in gc.get_referents(each))
    ]
