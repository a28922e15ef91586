"""[G3] What a schema says of rights: nothing where it is executed, `@auth` where a caller is shown it."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLString, build_schema

from schema.sdl.printer import print_sdl
from schema.sdl.projections import WHOLE, Whole, auth_of, static_part, with_auth

STATIC = build_schema("""
type Query { open: String closed: Secret }
type Mutation { closed: String }
type Secret { it: String }
""")


@dataclass(frozen=True)
class Asks:
    requires: str = "person"
    scope: str = ""
    action: str = 'say "it"'
    level: str = ""
    roles: tuple[str, ...] = ("sales: read",)


class Narrow(Whole):
    """Whoever may use nothing that is called closed."""

    def opens(self, static_name: str) -> bool:
        return static_name != "closed"

    def of_name(self, name: str) -> Asks:  # noqa: ARG002 - the protocol's shape
        return Asks()


def test_what_is_executed_says_nothing_of_rights() -> None:
    assert (WHOLE.reads("customer"), WHOLE.writes("customer", "name"), WHOLE.does("customer", "update", many=True)) == (
        True, True, True,
    )  # fmt: skip
    assert (WHOLE.of_object("customer"), WHOLE.of_field("customer", "name"), WHOLE.of_name("me")) == (None, None, None)


def test_what_is_closed_goes_with_the_types_that_only_it_needs() -> None:
    part = static_part(STATIC, Narrow())

    assert part.query_type is not None
    assert [*part.query_type.fields] == ["open"]
    assert part.mutation_type is None
    assert "Secret" not in part.type_map
    assert auth_of(part.query_type.fields["open"]) == Asks()


def test_the_printer_writes_what_a_field_asks() -> None:
    field = GraphQLField(GraphQLString, extensions=with_auth({}, Asks()), deprecation_reason="old")

    printed = print_sdl(GraphQLSchema(GraphQLObjectType("Query", {"it": field, "that": GraphQLField(GraphQLString)})))

    assert printed == (
        'type Query {\n  it: String @auth(requires: "person", action: "say \\"it\\"", roles: ["sales: read"])'
        ' @deprecated(reason: "old")\n  that: String\n}\n'
    )
