from __future__ import annotations

import pytest
from graphql import GraphQLField, GraphQLString

from resolvers.selection.picking import Picked
from resolvers.selection.reading import argument_type, definition, meaning, object_type
from services.query.plan import Parameter
from tests.builders.selections import compiled, reading, schema


def test_every_value_has_a_place_of_its_own() -> None:
    made = reading()

    assert [made.parameter("a"), made.parameter("a")] == [Parameter(0), Parameter(1)]
    assert made.sources == ["a", "a"]


def test_static_field_has_no_place_in_a_plan() -> None:
    static = Picked("hello", "hello", GraphQLField(GraphQLString))

    with pytest.raises(LookupError, match="hello"):
        meaning(static)
    with pytest.raises(TypeError, match="hello"):
        object_type(static)
    with pytest.raises(LookupError, match="__typename"):
        definition(Picked("__typename", "__typename", None))


def test_argument_type_is_an_input_object() -> None:
    query = schema().query_type
    assert query is not None
    customers = Picked("customers", "customers", query.fields["customers"])

    assert argument_type(customers, "orderBy").name == "CustomerOrder"
    with pytest.raises(TypeError, match="Int"):
        argument_type(customers, "first")


def test_one_plan_serves_all_values_of_the_variables() -> None:
    text = "query ($f: CustomerFilter, $n: Int) { customers(filter: $f, first: $n) { totalCount } }"

    first = compiled(text, f={"name": {"eq": "a"}}, n=5)
    second = compiled(text, f={"name": {"eq": "b"}}, n=7)

    assert first.plan == second.plan
    assert first.values({"f": {"name": {"eq": "a"}}, "n": 5}) == (5, "a")
    assert second.sources == first.sources
