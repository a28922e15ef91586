"""One tenant shape and the static schema joined into one GraphQL schema.

The joined schema has types only: no rights, no resolver of generated fields, no tenant value. It is shared by all
tenants of equal shape; one with words is made for introspection and for the printed SDL.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphql import GraphQLDirective, GraphQLField, GraphQLObjectType, GraphQLSchema, specified_directives

from schema.metadata.objects import Object, ObjectKind
from schema.metadata.registry import Shape
from schema.sdl.conditions import IF_PERMITTED
from schema.sdl.mutations import VerbShape, verb_field, write_fields
from schema.sdl.outputs import node_field, query_fields
from schema.sdl.projections import AUTH, WHOLE, Projection, static_part
from schema.sdl.search import search_field
from schema.sdl.slim import ObjectType
from schema.sdl.types import NoWords, Types, Words


def build(
    shape: Shape,
    static: GraphQLSchema,
    *,
    verbs: Iterable[VerbShape] = (),
    words: Words | None = None,
    projection: Projection = WHOLE,
) -> GraphQLSchema:
    """The schema of every tenant with this shape, or what of it is there for one caller."""
    static = static if projection is WHOLE else static_part(static, projection)
    types = Types(shape, static.type_map, words or NoWords(), projection)
    queries: dict[str, GraphQLField] = _fields(static.query_type)
    mutations: dict[str, GraphQLField] = _fields(static.mutation_type)
    queries["node"] = node_field(types)
    queries["search"] = search_field(types)
    for thing in shape.objects.values():
        queries.update(query_fields(types, thing))
        if has_generated_writes(thing):
            mutations.update(write_fields(types, thing))
    mutations.update({verb.name: verb_field(types, verb) for verb in verbs if projection.runs(verb.name)})
    return GraphQLSchema(
        query=ObjectType("Query", queries),
        mutation=ObjectType("Mutation", mutations) if mutations else None,
        types=types.all,
        directives=[*all_directives(static), *([] if projection is WHOLE else [AUTH])],
        description=static.description,
        extensions=static.extensions,
    )


def all_directives(static: GraphQLSchema) -> list[GraphQLDirective]:
    """Those of the standard, our own, and those of the static schema."""
    return [
        *specified_directives,
        IF_PERMITTED,
        *(each for each in static.directives if each not in specified_directives),
    ]


def has_generated_writes(thing: Object) -> bool:
    """Records of the platform are written by its own verbs."""
    return thing.kind is not ObjectKind.SYSTEM


def _fields(root: GraphQLObjectType | None) -> dict[str, GraphQLField]:
    return dict(root.fields) if root is not None else {}
