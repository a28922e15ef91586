"""Operations are found again by text, name and schema together."""

from __future__ import annotations

import gc
from typing import cast
from uuid import UUID
from weakref import ref

import pytest
from graphql import GraphQLInputObjectType, build_schema

from resolvers.coercion import variables_of
from resolvers.documents import parse_document
from resolvers.known_operations import KnownOperation, KnownOperations, kept_with
from resolvers.root import static_schema
from resolvers.schemas import Schemas
from tenants.context import TenantId
from tenants.settings import LimitSettings
from tests.isolation.test_memory import own_registry

MINE, THEIRS = TenantId(UUID(int=1)), TenantId(UUID(int=2))


def known(text: str, name: str | None = None) -> KnownOperation:
    document = parse_document(text, LimitSettings())
    node = document.operation(name)
    return KnownOperation(document, node, is_untrusted=True)


def test_an_operation_is_found_by_its_text_its_name_and_its_schema() -> None:
    operations = KnownOperations()
    one = known("query One { a } query Two { b: a }", "One")

    operations.keep(one, "One", "schema", by=MINE)

    text = one.document.text
    assert operations.find(text, "One", "schema") is one
    assert [
        operations.find(*each)
        for each in (
            (text, "Two", "schema"),
            (text, None, "schema"),
            (text, "One", "other"),
            ("{ a }", "One", "schema"),
        )
    ] == [None] * 4


def test_a_very_long_document_is_not_kept() -> None:
    operations = KnownOperations()
    long = known("{ a } #" + "x" * 70_000)

    operations.keep(long, None, "schema", by=MINE)

    assert operations.find(long.document.text, None, "schema") is None


def test_a_tenant_pushes_out_only_its_own() -> None:
    """[G10] However many operations one tenant thinks up, another's stay."""
    operations = KnownOperations(characters=8_000)
    theirs = known("{ a }")
    operations.keep(theirs, None, "schema", by=THEIRS)

    for number in range(100):
        operations.keep(known(f"{{ a{number}: a }}"), None, "schema", by=MINE)

    assert operations.find("{ a }", None, "schema") is theirs
    assert [number for number in range(100) if operations.find(f"{{ a{number}: a }}", None, "schema")] == [
        96,
        97,
        98,
        99,
    ]


def test_a_schema_that_makes_room_takes_its_variables_with_it() -> None:
    """A known operation keeps no type: each would keep the whole schema of a tenant, and there are thousands of them."""
    operations = KnownOperations()
    schema = build_schema("type Query { a(filter: Filter): String } input Filter { not: Filter }")
    asked = known("query ($filter: Filter) { a(filter: $filter) }")
    text = asked.document.text
    operations.keep(asked, None, "schema", by=MINE)
    declared = kept_with(schema).variables.put(
        (text, ""), variables_of(schema, asked.node, kept_with(schema).coercers), by=MINE
    )
    assert declared.coerced({"filter": {"not": {}}}) is not None
    assert kept_with(schema).variables.get((text, "")) is declared
    schema_left, type_left = ref(schema), ref(schema.type_map["Filter"])

    del schema, declared
    gc.collect()

    assert (schema_left(), type_left()) == (None, None)
    assert operations.find(text, None, "schema") is asked


def test_no_two_schemas_keep_their_variables_together() -> None:
    """[G10] The same text means other types for a tenant of another shape; joined schemas begin with one dictionary."""
    schemas = Schemas(static_schema())
    first, second = (schemas.joined(own_registry(number), by=MINE) for number in (1, 2))

    kept = [kept_with(each).variables for each in (first, second, schemas.static)]

    assert len({id(each) for each in kept}) == 3
    assert [kept_with(each).variables for each in (first, second, schemas.static)] == kept


def test_operations_of_a_schema_share_what_coerces_their_variables() -> None:
    """[H2] A filter has dozens of members, and hundreds of operations filter by it."""
    schema = build_schema(
        "type Query { a(filter: Filter): String } input Filter { not: Filter, is: String, in: [String] }"
    )
    first, second = (
        variables_of(schema, known(f"query ($f: Filter) {{ {alias}: a(filter: $f) }}").node, kept_with(schema).coercers)
        for alias in ("x", "y")
    )
    before = kept_with(schema).kibibytes

    for _ in range(2):
        for each in (first, second):
            values = each.coerced({"f": {"not": {"in": "a"}, "is": None}})
            assert values is not None
            assert values.coerced == {"f": {"not": {"in": ["a"]}, "is": None}}

    assert first.members[0][2] is second.members[0][2]
    assert kept_with(schema).coercers.members == 3
    assert (before, kept_with(schema).kibibytes) == (0, 0)
    kept_with(schema).variables.put("first", first, by=MINE)
    assert kept_with(schema).kibibytes == 1


@pytest.mark.usefixtures("no_collector")
def test_what_coerces_variables_is_gone_with_its_schema_at_once() -> None:
    """It names itself where inputs do, and would wait for the collector of garbage."""
    schemas = Schemas(static_schema())
    schema = schemas.joined(own_registry(1), by=MINE)
    coercer = kept_with(schema).coercers.of_value(cast("GraphQLInputObjectType", schema.type_map["Thing1Filter_c"]))
    assert coercer({"not": {}}) == {"not": {}}
    left = ref(coercer)
    del coercer
    assert left() is not None
    del schema, schemas
    assert left() is None
