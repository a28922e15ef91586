"""[G3] Where `@ifPermitted` may stand."""

from __future__ import annotations

import pytest
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, parse, validate

from schema.sdl.conditions import IF_PERMITTED, IfPermittedRule
from schema.sdl.coordinates import Coordinate, Role

LEAF = Coordinate(Role.LEAF, "name", "thing").extension()
THING = GraphQLObjectType(
    "Thing",
    {
        "name": GraphQLField(GraphQLString, extensions=LEAF),
        "id": GraphQLField(GraphQLNonNull(GraphQLString), extensions=LEAF),
    },
)
SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "thing": GraphQLField(THING, extensions=Coordinate(Role.RECORD, "thing", "thing").extension()),
            "static": GraphQLField(GraphQLString),
        },
    ),
    directives=[IF_PERMITTED],
)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{ thing @ifPermitted { id } }", []),
        ("{ static @ifPermitted }", ["static"]),
        ("{ thing { name @ifPermitted id @ifPermitted } }", ["name", "id"]),
    ],
)
def test_a_root_may_be_marked_and_neither_what_is_no_record_nor_what_is_never_null(text: str, wrong: list[str]) -> None:
    found = validate(SCHEMA, parse(text), [IfPermittedRule])

    assert [each.message for each in found] == [
        f"Directive '@ifPermitted' may not be used on '{name}' here." for name in wrong
    ]
