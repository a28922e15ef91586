"""Every mutation can be sent twice: its input takes `clientMutationId`, its payload gives it back.

A client that lost the answer must be able to ask again. The SDL of the demo tenant holds generated, declared and
hand-written mutations alike; that they also happen once is told by the tests of each kind.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    build_schema,
)

from tests.architecture import source

NOT_REPEATABLE: Mapping[str, str] = {
    "signIn": "nobody is known yet to whom an id could belong, and tokens are never kept to be answered again",
    "refreshToken": "the refresh token itself is good once, and tokens are never kept to be answered again",
    "signOut": "what repeats it comes without a session; it may be sent again without harm",
    "changePassword": "both its inputs are secret, so no trace may tell one request from another",
}


def unrepeatable(schema: GraphQLSchema) -> set[str]:
    """The mutations that lack the id in the input or in the payload."""
    mutation = schema.mutation_type
    assert mutation is not None
    found = set()
    for name, field in mutation.fields.items():
        given, payload = field.args["input"].type, field.type
        assert isinstance(given, GraphQLNonNull)
        assert isinstance(given.of_type, GraphQLInputObjectType)
        assert isinstance(payload, GraphQLObjectType)
        types = [
            type_.fields["clientMutationId"].type
            for type_ in (given.of_type, payload)
            if "clientMutationId" in type_.fields
        ]
        if types != [GraphQLString, GraphQLString]:
            found.add(name)
    return found


def test_every_mutation_takes_and_echoes_the_id_of_the_client() -> None:
    schema = build_schema((source.ROOT / "docs" / "schema.graphql").read_text("utf-8"))

    assert unrepeatable(schema) == NOT_REPEATABLE.keys()


def test_a_mutation_without_the_id_is_found() -> None:
    schema = build_schema(
        "type Query { a: Int } input I { clientMutationId: String } input J { a: Int } type P { clientMutationId: String } "
        "type R { a: Int } type Mutation { good(input: I!): P deaf(input: J!): P mute(input: I!): R }"
    )

    assert unrepeatable(schema) == {"deaf", "mute"}
