"""The CRM pack as a GraphQL schema, beside a static schema of two fields."""

from __future__ import annotations

import pytest
from graphql import GraphQLSchema, build_schema

from schema.metadata.registry import Registry
from schema.sdl.builder import build
from services import packs

STATIC = "type Query { hello: String } type Mutation { wave(times: Int!): String }"


@pytest.fixture(scope="session", name="static")
def static_part() -> GraphQLSchema:
    return build_schema(STATIC)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return packs.registry_of_pack("crm")


@pytest.fixture(scope="session")
def crm(registry: Registry, static: GraphQLSchema) -> GraphQLSchema:
    return build(registry.shape, static)
