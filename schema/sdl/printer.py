"""The only printer of schemas: types in the order of their names, so that equal schemas print equal text."""

from __future__ import annotations

from graphql import GraphQLSchema, lexicographic_sort_schema, print_schema

__all__ = ["print_sdl"]


def print_sdl(schema: GraphQLSchema) -> str:
    """The whole schema, static and generated types alike."""
    return print_schema(lexicographic_sort_schema(schema)) + "\n"
