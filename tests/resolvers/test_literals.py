"""A literal that its scalar does not take is told with its place and the way to it."""

from __future__ import annotations

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    parse,
    validate,
)

from resolvers.literals import placed
from schema.sdl.scalars import SCALARS

_DAY = SCALARS["Date"].graphql()
_PART = GraphQLInputObjectType("Part", {"on": GraphQLInputField(_DAY), "days": GraphQLInputField(GraphQLList(_DAY))})
_WHOLE = GraphQLInputObjectType("Whole", {"record": GraphQLInputField(_PART), "part": GraphQLInputField(_PART)})
SCHEMA = GraphQLSchema(
    GraphQLObjectType("Query", {"a": GraphQLField(GraphQLString, args={"input": GraphQLArgument(_WHOLE)})})
)


def said(text: str) -> list[tuple[str, tuple[int, int]]]:
    document = parse(text)
    errors = [placed(each, document) for each in validate(SCHEMA, document, hide_suggestions=True)]
    return [(each.message, (each.locations[0].line, each.locations[0].column)) for each in errors if each.locations]


def test_way_and_place_of_a_bad_literal_are_told() -> None:
    found = said('{ a(input: {\n record: {on: "soon"}\n part: {days: ["2026-03-31", 5]} }) }')

    expected = 'A date like "2026-03-31" is expected.'
    assert found == [
        (f'input.record.on: "soon" does not fit. {expected}', (2, 15)),
        (f"input.part.days: 5 does not fit. {expected}", (3, 30)),
    ]


def test_what_is_about_no_single_value_stays_as_it_is() -> None:
    ((message, _),) = said("{ b }")

    assert message == "Cannot query field 'b' on type 'Query'."


def test_a_long_literal_is_cut() -> None:
    ((message, _),) = said(f'{{ a(input: {{record: {{on: "{"x" * 500}"}}}}) }}')

    assert len(message) < 150
