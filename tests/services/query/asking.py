"""GraphQL text becomes a plan and its values through the door's own reading, so that tests ask as callers do."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLString, get_variable_values, parse, validate
from graphql.language import FragmentDefinitionNode, OperationDefinitionNode

from resolvers.documents import ParsedDocument
from resolvers.operations import Operation, Request
from resolvers.queries import compile_query
from resolvers.selection import mark
from schema.sdl.builder import build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.metadata.registry import Registry, Shape
    from services.query.plan import Plan

DEFAULT_PAGE = 20


@cache
def schema_of(shape: Shape) -> GraphQLSchema:
    static = GraphQLSchema(GraphQLObjectType("Query", {"platform": GraphQLField(GraphQLString)}))
    return build(shape, static, verbs=())


def ask(
    registry: Registry, text: str, variables: Mapping[str, object] | None = None
) -> tuple[Plan, tuple[object, ...]]:
    """The plan of a query and its values."""
    schema, node = schema_of(registry.shape), parse(text)
    assert validate(schema, node) == []
    operations = tuple(each for each in node.definitions if isinstance(each, OperationDefinitionNode))
    fragments = {each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)}
    coerced = get_variable_values(schema, operations[0].variable_definitions or (), dict(variables or {}))
    assert not isinstance(coerced, list), coerced
    operation = Operation(
        schema,
        registry.shape.hash,
        schema,
        ParsedDocument(text, node, operations, fragments),
        operations[0],
        Request(text, variables or {}),
        coerced,
        registry,
    )
    marked = {
        name: mark(value, coerced.sources[name].signature.type, (name,)) for name, value in coerced.coerced.items()
    }
    compiled, _ = compile_query(operation, marked, DEFAULT_PAGE)
    for fault in compiled.refused.values():
        raise fault
    return compiled.plan, compiled.values(coerced.coerced)
