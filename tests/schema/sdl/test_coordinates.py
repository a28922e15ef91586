from __future__ import annotations

from graphql import GraphQLField, GraphQLString

from schema.sdl.coordinates import Coordinate, Role, coordinate


def test_field_carries_its_meaning() -> None:
    means = Coordinate(Role.TO_ONE, "owner", "user")

    assert coordinate(GraphQLField(GraphQLString, extensions=means.extension())) == means


def test_static_field_has_no_meaning() -> None:
    assert coordinate(GraphQLField(GraphQLString)) is None
