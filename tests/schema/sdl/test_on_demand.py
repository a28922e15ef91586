"""[H1] A schema whose types are made when they are named is the schema that is made at once."""

from __future__ import annotations

import gc
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

import pytest
from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    is_composite_type,
    is_input_object_type,
    is_object_type,
    parse,
    print_schema,
    print_type,
    validate,
)

from resolvers.root import static_schema, verb_shapes
from schema.metadata.naming import compose_type
from schema.metadata.registry import Shape
from schema.sdl.builder import build
from schema.sdl.on_demand import _SHARED, SchemaOnDemand, build_on_demand
from services import packs
from tests.builders.workshop import workshop

STATIC = static_schema()
SHAPES = {"crm": packs.registry_of_pack("crm").shape, "workshop": workshop()}


def at_once(shape: Shape) -> GraphQLSchema:
    return build(shape, STATIC, verbs=verb_shapes(shape.objects))


def has_members(type_: GraphQLNamedType) -> bool:
    return is_composite_type(type_) or is_input_object_type(type_)


def on_demand(shape: Shape) -> SchemaOnDemand:
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
        schema = on_demand(shape)
        found = schema.get_type(name)

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


@pytest.mark.usefixtures("no_collector")
def test_types_are_gone_with_the_last_who_has_their_schema() -> None:
    used, also = [on_demand(SHAPES["crm"])], on_demand(SHAPES["crm"])
    text = parse("{ customers { nodes { name contacts { nodes { customer { id } } } } } }")
    for schema in (used[0], also):
        assert validate(schema, text) == []
    gone = [ref(used[0].type_map[name]) for name in ("Customer", "ContactConnection", "CustomerFilter")]
    scalar, page = also.type_map["DateTime"], STATIC.type_map["Mutation"]
    # The library's validation leaves a circle behind, which has the schema.
    gc.collect()

    in_flight = used[0]
    used.clear()
    assert in_flight.type_map["Customer"].name == "Customer"
    del in_flight, schema

    assert [each() for each in gone] == [None, None, None]
    assert validate(also, text) == []
    assert (scalar.name, page.name) == ("DateTime", "Mutation")
    assert sorted(print_schema(also).split("\n\n")) == sorted(print_schema(at_once(SHAPES["crm"])).split("\n\n"))


@pytest.mark.usefixtures("no_collector")
def test_types_that_all_were_made_are_gone_too() -> None:
    schema = on_demand(SHAPES["crm"])
    print_schema(schema)
    gone = [ref(each) for each in schema.type_map.values() if each.name not in STATIC.type_map and has_members(each)]
    assert len(gone) > 500

    del schema

    assert [each for each in gone if each() is not None] == []
    assert "JSON" in print_schema(on_demand(SHAPES["crm"]))


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["Customer", "CustomerFilter", "CustomerOrder"],
        [name for thing in SHAPES["crm"].objects for name in (compose_type(thing), compose_type(thing, "Filter"))],
        [compose_type(thing, "Connection") for thing in SHAPES["crm"].objects],
        [name for name, each in at_once(SHAPES["crm"]).type_map.items() if name not in STATIC.type_map],
    ],
    ids=["none", "a few", "records", "pages", "all"],
)
def test_what_a_schema_has_grown_to_is_told_within_a_quarter(names: list[str]) -> None:
    """[H2] What is kept of schemas is bounded by it."""
    grown(names)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        schema = grown(names)
        gc.collect()
        taken = (tracemalloc.get_traced_memory()[0] - before) / 1024
    finally:
        tracemalloc.stop()

    assert schema.kibibytes == pytest.approx(taken, rel=0.25, abs=40)


def grown(names: list[str]) -> SchemaOnDemand:
    """A schema of which types were looked into."""
    schema = on_demand(SHAPES["crm"])
    for name in names:
        made = schema.type_map.get(name)
        if is_object_type(made) or is_input_object_type(made):
            assert made.fields
    return schema
