from __future__ import annotations

from graphql import GraphQLSchema, build_schema

from schema.sdl.builder import build
from schema.sdl.printer import print_sdl
from tests.builders.workshop import workshop


def test_types_and_members_are_in_the_order_of_their_names(crm: GraphQLSchema) -> None:
    text = print_sdl(crm)

    assert text.index("type Activity ") < text.index("type Customer ") < text.index("type Opportunity ")
    assert text.endswith("}\n")


def test_printed_schema_reads_back_to_the_same_text(static: GraphQLSchema) -> None:
    text = print_sdl(build(workshop(), static))

    assert print_sdl(build_schema(text)) == text
