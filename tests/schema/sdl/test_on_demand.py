"""[H1] A schema whose types are made when they are named is the schema that is made at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from graphql import GraphQLNamedType, GraphQLSchema, parse, print_schema, print_type, validate

from resolvers.root import static_schema, verb_shapes
from schema.metadata.registry import Shape
from schema.sdl.builder import build
from schema.sdl.on_demand import _SHARED, build_on_demand
from services import packs
from tests.builders.workshop import workshop

STATIC = static_schema()
SHAPES = {"crm": packs.registry_of_pack("crm").shape, "workshop": workshop()}


def at_once(shape: Shape) -> GraphQLSchema:
    return build(shape, STATIC, verbs=verb_shapes(shape.objects))


def on_demand(shape: Shape) -> GraphQLSchema:
    return build_on_demand(shape, STATIC, verbs=verb_shapes(shape.objects))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_all_of_it_prints_alike(shape: Shape) -> None:
    whole, lazy = at_once(shape), on_demand(shape)

    assert sorted(print_schema(lazy).split("\n\n")) == sorted(print_schema(whole).split("\n\n"))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_type_is_found_by_its_name_alone(shape: Shape) -> None:
    whole = at_once(shape)
    names = sorted(name for name in whole.type_map if not name.startswith("__"))

    # Each on a schema that has made nothing yet; a sixth of them meets every suffix many times.
    for name in {*names[::6], *(_SHARED & {*names})}:
        found = on_demand(shape).get_type(name)

        assert isinstance(found, GraphQLNamedType), name
        assert print_type(found) == print_type(whole.type_map[name])


def test_a_document_makes_what_it_names() -> None:
    lazy = on_demand(SHAPES["crm"])
    text = "query ($f: ContactFilter) { contacts(filter: $f) { nodes { name } } }"

    assert validate(lazy, parse(text)) == []
    made = lazy.type_map._types.names  # type: ignore[attr-defined]
    assert "ContactFilter" in made
    assert not {"TicketGroup", "UpdateTicketInput", "TicketPayload"} & set(made)


@pytest.mark.parametrize(
    "text",
    [
        "{ ghosts { id } }",
        "query ($f: GhostFilter) { customers(filter: $f) { totalCount } }",
        "query ($f: CustomerGhost) { customers(filter: $f) { totalCount } }",
        "{ node(id: 1) { ... on Customer { name } ... on Ghost { id } ... on CustomerFilter { id } } }",
        "{ customers { nodes { ghost contacts { nodes { customer { ghost } } } } } }",
        "mutation { createGhost(input: {}) { errors { code } } createCustomer(input: {}) { ghost } }",
        "mutation ($i: UpdateCustomerInput!) { updateCustomer(input: $i) { customer { name } } me { name } }",
        '{ search(text: "x") { record { id ... on Contact { name } } } node(id: 1) { ... on Node { id } } }',
    ],
)
def test_documents_are_found_wrong_alike(text: str) -> None:
    whole, lazy = at_once(SHAPES["crm"]), on_demand(SHAPES["crm"])

    wrong, told = validate(whole, parse(text)), validate(lazy, parse(text))

    assert [each.formatted for each in told] == [each.formatted for each in wrong]


def test_threads_that_make_a_type_at_once_get_the_same() -> None:
    lazy = on_demand(SHAPES["crm"])
    names = ["Customer", "CustomerFilter", "Contact", "CreateCustomerInput", "ContactConnection"] * 20

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lazy.get_type, names))

    assert {id(each) for each in found} == {id(lazy.get_type(name)) for name in names}
