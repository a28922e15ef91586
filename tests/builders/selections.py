"""Operations over the CRM pack's shape, read and validated as the door does it, without a door or a database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from graphql import GraphQLInputObjectType, GraphQLSchema, build_schema, get_variable_values, validate
from graphql.execution import VariableValues

from resolvers.documents import parse_document
from resolvers.operations import Operation, Request
from resolvers.queries import CompiledQuery, compile_query
from resolvers.selection import Document, Reading, mark
from schema.sdl.builder import build
from services import packs
from tenants.settings import LimitSettings

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from services.query.plan import Root

PAGE = 20


@cache
def registry() -> Registry:
    return packs.registry_of_pack("crm")


@cache
def schema() -> GraphQLSchema:
    static = build_schema("type Query { hello: String } type Mutation { wave: String }")
    return build(registry().shape, static)


def operation(text: str, **variables: object) -> Operation:
    """A valid operation."""
    document = parse_document(text, LimitSettings())
    assert validate(schema(), document.node) == []
    node = document.operation(None)
    values = get_variable_values(schema(), node.variable_definitions or (), variables)
    assert isinstance(values, VariableValues), values
    return Operation(
        schema(), registry().shape.hash, schema(), document, node, Request(text, variables), values, registry()
    )


def compiled(text: str, **variables: object) -> CompiledQuery:
    """How a query compiles, with markers for the leaves of its variables."""
    made = operation(text, **variables)
    sources = made.variables.sources
    marked = {
        name: mark(value, sources[name].signature.type, (name,)) for name, value in made.variables.coerced.items()
    }
    return compile_query(made, marked, PAGE)[0]


def root_of(text: str, **variables: object) -> Root:
    """The only root of a query; a refusal is raised."""
    found = compiled(text, **variables)
    for fault in found.refused.values():
        raise fault
    (root,) = found.plan.roots
    return root


def reading() -> Reading:
    """An empty reading, for parts that need no document."""
    made = operation("{ hello }")
    return Reading(Document(made.schema, {}, made.variables), PAGE)


def input_type(name: str) -> GraphQLInputObjectType:
    """An input object of the schema."""
    found = schema().type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return found
