"""Types that take less memory say the same as the library's, and what they share cannot be written into."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, TypeAlias
from weakref import ref

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLString,
    print_type,
)

from schema.sdl.slim import Argument, InputField, InputType, ObjectType, OutputField

if TYPE_CHECKING:
    from collections.abc import Callable

Member: TypeAlias = GraphQLField | GraphQLInputField | GraphQLArgument


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


@pytest.mark.parametrize(
    ("slim", "usual"),
    [
        (OutputField(GraphQLString), GraphQLField(GraphQLString)),
        (
            OutputField(GraphQLString, {"how": Argument(GraphQLString)}, description="It.", extensions={"means": "it"}),
            GraphQLField(
                GraphQLString, {"how": GraphQLArgument(GraphQLString)}, description="It.", extensions={"means": "it"}
            ),
        ),
        (InputField(GraphQLString), GraphQLInputField(GraphQLString)),
        (
            InputField(GraphQLString, description="It.", extensions={"means": "it"}),
            GraphQLInputField(GraphQLString, description="It.", extensions={"means": "it"}),
        ),
        (Argument(GraphQLString), GraphQLArgument(GraphQLString)),
        (Argument(GraphQLString, description="It."), GraphQLArgument(GraphQLString, description="It.")),
    ],
)
def test_members_say_what_those_of_the_library_say(slim: Member, usual: Member) -> None:
    assert slim.to_kwargs() == usual.to_kwargs()
    assert {name: getattr(slim, name) for name in vars(usual)} == vars(usual)


@pytest.mark.parametrize("plain", [OutputField, InputField, Argument])
def test_what_has_nothing_to_say_takes_no_place_for_it(plain: type[OutputField | InputField | Argument]) -> None:
    member = plain(GraphQLString)

    assert vars(member) == {"type": GraphQLString}
    with pytest.raises(TypeError):
        member.extensions["means"] = "it"


@pytest.mark.parametrize(("kind", "member"), [(ObjectType, OutputField), (InputType, InputField)])
def test_what_finds_members_is_not_kept_when_it_has_found_them(
    kind: Callable[..., ObjectType | InputType], member: Callable[..., object]
) -> None:
    def find() -> dict[str, object]:
        return {"plain": member(GraphQLString)}

    made, left = kind("Thing", find), ref(find)
    del find

    assert left() is not None
    assert [*made.fields] == ["plain"]
    assert left() is None


@pytest.mark.parametrize(("kind", "member"), [(ObjectType, OutputField), (InputType, InputField)])
def test_names_are_looked_at(kind: Callable[..., ObjectType | InputType], member: Callable[..., object]) -> None:
    with pytest.raises(GraphQLError, match="Names must"):
        kind("a-b", {})
    with pytest.raises(GraphQLError, match="Names must"):
        _ = kind("Thing", lambda: {"a-b": member(GraphQLString)}).fields


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
