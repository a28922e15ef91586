from __future__ import annotations

import pytest
from graphql import GraphQLField, GraphQLString

from schema.sdl.coordinates import Coordinate, Role, coordinate


def test_field_carries_its_meaning() -> None:
    means = Coordinate(Role.TO_ONE, "owner", "user")

    assert coordinate(GraphQLField(GraphQLString, extensions=means.extension())) == means


def test_static_field_has_no_meaning() -> None:
    assert coordinate(GraphQLField(GraphQLString)) is None


def test_fields_of_one_meaning_carry_the_same() -> None:
    """A schema has thousands of them."""
    one, other = (Coordinate(Role.MEASURE, "amount", "opportunity").extension() for _ in range(2))

    assert one is other
    assert Coordinate(Role.MEASURE, "amount", "quote").extension() != one


def test_a_meaning_is_read_like_the_dictionary_that_it_stands_for() -> None:
    means = Coordinate(Role.LEAF, "name", "thing")
    carried = means.extension()

    assert {**carried} == {"coordinate": means}
    assert (carried.get("coordinate"), carried.get("auth")) == (means, None)
    with pytest.raises(KeyError):
        _ = carried["auth"]
    assert ("coordinate" in carried, "auth" in carried, [*carried], len(carried)) == (True, False, ["coordinate"], 1)
    assert not isinstance(carried, dict)
