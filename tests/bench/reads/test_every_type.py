"""The documents that a schema is measured with name every type of it, look into each, and are ones that the API answers."""

from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLObjectType, validate

from bench.reads.every_type import documents
from bench.reads.schemas import definitions
from resolvers.coercion import Coercers, variables_of
from resolvers.root import static_schema, verb_shapes
from schema.sdl.builder import build
from schema.sdl.on_demand import build_on_demand

STATIC = static_schema()
SHAPE = definitions(2, 12).registry.shape
WHOLE = build(SHAPE, STATIC, verbs=verb_shapes(SHAPE.objects))


def test_documents_name_every_type_and_look_into_it() -> None:
    schema = build_on_demand(SHAPE, STATIC, verbs=verb_shapes(SHAPE.objects))
    coercers = Coercers()

    for document in documents(WHOLE, STATIC.type_map):
        assert validate(schema, document.parsed.node) == []
        variables = variables_of(schema, document.parsed.operations[0], coercers)
        for values in document.values:
            variables.coerced(values)

    types = [each for name, each in WHOLE.type_map.items() if name not in STATIC.type_map and not name.startswith("__")]
    with_members = [each for each in types if isinstance(each, GraphQLObjectType | GraphQLInputObjectType)]
    # A second look at any makes nothing.
    before = schema._types.size
    for each in with_members:
        made = schema.get_type(each.name)
        assert isinstance(made, GraphQLObjectType | GraphQLInputObjectType)
        assert len(made.fields) == len(each.fields)
    assert schema._types.size == before
    assert len(with_members) > 100
