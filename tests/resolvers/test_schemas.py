from __future__ import annotations

import gc
import tracemalloc
from uuid import UUID
from weakref import ref

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from resolvers.coercion import variables_of
from resolvers.documents import parse_document
from resolvers.known_operations import KnownOperation, KnownOperations, kept_with
from resolvers.operations import validated as errors_of
from resolvers.schemas import Schemas
from schema.metadata.naming import compose_type
from schema.sdl.on_demand import SchemaOnDemand, build_on_demand
from services import packs
from services.permissions import EVERYONE, NOBODY, Arm, ObjectRights, Policy
from services.projections import Projection, projection
from services.verbs import Access, Requirement
from tenants.context import Principal, PrincipalKind, TenantId
from tenants.settings import LimitSettings

MINE, THEIRS = TenantId(UUID(int=1)), TenantId(UUID(int=2))
CRM = packs.registry_of_pack("crm")
ANY = Requirement(Access.ANYBODY)


# Kibibytes of one schema; documents that name every object of the CRM pack make it grow to three times as much.
MOST = 200


def schemas(most: int = 4096) -> Schemas:
    return Schemas(build_schema("type Query { hello: String } type Mutation { wave: String }"), kibibytes=8 * most)


def asked(thing: str) -> KnownOperation:
    """A document that names a dozen types of one object, and a variable of one of them."""
    document = parse_document(
        f"query ($order: {thing[0].upper()}{thing[1:]}Order!) {{ found: {CRM.shape.objects[thing].plural}"
        "(orderBy: [$order]) { nodes { id } } }",
        LimitSettings(),
    )
    return KnownOperation(document, document.operation(None), is_untrusted=True)


def validated(schema: GraphQLSchema, *things: str) -> None:
    for thing in things:
        assert errors_of(schema, asked(thing).document) == []


def seen(read: tuple[Arm, ...]) -> Projection:
    """What is there for a user who reads every record of every object, or none."""
    policy = Policy({}, 1, others=ObjectRights(read=read))
    return projection(CRM, policy, Principal(PrincipalKind.USER, UUID(int=1)), dict.fromkeys(("hello", "wave"), ANY))


def validated_and_kept(operation: KnownOperation, schema: GraphQLSchema, operations: KnownOperations) -> None:
    assert errors_of(schema, operation.document) == []
    operations.keep(operation, None, CRM.shape.hash, by=MINE)
    variables = variables_of(schema, operation.node, kept_with(schema).coercers)
    kept_with(schema).variables.put((operation.document.text, ""), variables, by=MINE)


def description(schema: GraphQLSchema) -> str | None:
    customer = schema.type_map["Customer"]
    assert isinstance(customer, GraphQLObjectType)
    return customer.description


def test_tenants_of_equal_shape_share_a_schema() -> None:
    made = schemas()

    first = made.joined(CRM, by=MINE)

    assert first is made.joined(CRM, by=THEIRS)
    assert description(first) is None


async def test_schema_with_words_is_a_tenants_own() -> None:
    made = schemas()

    everything, nothing = seen(EVERYONE), seen(NOBODY)

    mine = await made.worded(CRM, "zh", everything, of=MINE)

    assert mine is await made.worded(CRM, "zh", seen(EVERYONE), of=MINE)
    assert mine is not await made.worded(CRM, "zh", everything, of=THEIRS)
    assert (description(mine), description(await made.worded(CRM, "en", everything, of=MINE))) == ("客户", "Customer")
    assert "Customer" not in (await made.worded(CRM, "zh", nothing, of=MINE)).type_map


def test_callers_of_equal_rights_share_what_is_left_of_a_schema() -> None:
    made = schemas()

    narrow = made.joined(CRM, by=MINE, projection=seen(NOBODY))

    assert narrow is made.joined(CRM, by=THEIRS, projection=seen(NOBODY))
    assert narrow.get_type("Customer") is None
    assert narrow is not made.joined(CRM, by=MINE)


def test_a_schema_that_has_grown_too_large_is_begun_again() -> None:
    """[H2] Whatever its documents name, a tenant's schema takes no more than a tenant may fill."""
    made = schemas(MOST)
    handed_out = []
    for thing in CRM.shape.objects:
        schema = made.joined(CRM, by=MINE)
        handed_out.append((id(schema), schema.kibibytes))
        validated(schema, thing)

    assert max(size for _, size in handed_out) <= MOST
    # Not for every document: ten of them fit.
    assert 3 <= len({each for each, _ in handed_out}) <= len(handed_out) / 5


def test_who_uses_a_shared_schema_pays_nothing_for_what_others_made_of_it() -> None:
    """[G10] Two tenants of one shape: the other's own schemas stay where they are."""
    made = schemas(MOST)
    shared = made.joined(CRM, by=MINE)
    own = made.joined(CRM, by=THEIRS, projection=seen(NOBODY))
    validated(shared, *list(CRM.shape.objects)[:6])
    assert MOST / 2 < shared.kibibytes <= MOST

    assert made.joined(CRM, by=THEIRS) is shared

    assert made.joined(CRM, by=THEIRS, projection=seen(NOBODY)) is own
    made.joined(CRM, by=THEIRS, projection=seen(EVERYONE))
    assert made.joined(CRM, by=MINE) is shared


def test_what_a_caller_sees_of_a_schema_is_told_within_a_quarter_too() -> None:
    """[H2] Its members say what they ask."""
    made, narrow = schemas(), seen(EVERYONE)
    looked_into(build_on_demand(CRM.shape, made.static, projection=narrow))
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        schema = looked_into(build_on_demand(CRM.shape, made.static, projection=narrow))
        gc.collect()
        taken = (tracemalloc.get_traced_memory()[0] - before) / 1024
    finally:
        tracemalloc.stop()

    assert schema.kibibytes == pytest.approx(taken, rel=0.25)


def looked_into(schema: SchemaOnDemand) -> SchemaOnDemand:
    """One whose records were asked for all their fields."""
    for thing in CRM.shape.objects:
        record = schema.type_map[compose_type(thing)]
        assert isinstance(record, GraphQLObjectType)
        assert record.fields
    return schema


@pytest.mark.usefixtures("no_collector")
def test_a_document_that_names_too_much_leaves_nothing_behind() -> None:
    """It is not kept until somebody asks again; nor does who is done with it weigh the one that took its place."""
    made = schemas(MOST)
    before = made.joined(CRM, by=MINE)
    validated(before, *CRM.shape.objects)
    wrong = errors_of(
        before, parse_document('{ customers(first: "x", orderBy: [{name: UP}]) { totalCount } }', LimitSettings())
    )
    made.weigh(before, CRM.shape.hash)
    assert before.kibibytes > MOST
    left = ref(before)
    del before
    assert left() is None
    # What is wrong with a document is remembered, and was raised where the schema was at hand.
    assert [each.message for each in wrong] == [
        'Int cannot represent non-integer value: "x"',
        "Value 'UP' does not exist in 'Direction' enum.",
    ]

    old = build_on_demand(CRM.shape, made.static)
    validated(old, *CRM.shape.objects)
    now = made.joined(CRM, by=MINE)
    made.weigh(old, CRM.shape.hash)

    assert made.joined(CRM, by=MINE) is now


def test_a_schema_that_grew_while_an_operation_ran_is_weighed_by_the_next_that_knows_it() -> None:
    """[H2] Compiling makes types as well, of an operation that was validated with a schema that is gone."""
    made = schemas()
    schema = made.joined(CRM, by=MINE)
    before = made.weight

    validated(schema, *CRM.shape.objects)
    assert made.weight == before
    assert made.begun(CRM.shape.hash) is schema
    assert made.weight >= before + schema.kibibytes / 2
    grown = made.weight
    assert made.begun(CRM.shape.hash) is schema
    assert made.weight == grown


def test_a_schema_that_grew_too_large_while_an_operation_ran_is_not_used_by_the_next() -> None:
    """[H2]"""
    made = schemas(MOST)
    validated(made.joined(CRM, by=MINE), *CRM.shape.objects)

    assert made.begun(CRM.shape.hash) is None
    assert made.begun("another") is None


@pytest.mark.usefixtures("no_collector")
def test_operations_that_are_known_do_not_keep_a_schema_that_was_begun_again() -> None:
    """Who has it goes on with it; what is asked again makes only the types of its variables, and so stays."""
    made, operations = schemas(MOST), KnownOperations()
    known = [asked(thing) for thing in CRM.shape.objects]
    old = made.joined(CRM, by=MINE)
    for each in known:
        validated_and_kept(each, old, operations)
    left, type_left = ref(old), ref(old.type_map["CustomerOrder"])

    new = made.joined(CRM, by=MINE)

    assert new is not old
    assert old.get_type("CustomerConnection") is not None
    del old
    assert left() is None
    # Emptied with the schema, a type may stay in a circle of the library's until the collector comes.
    gc.collect()
    assert type_left() is None
    for each in known[:3]:
        again = operations.find(each.document.text, None, CRM.shape.hash)
        assert again is each
        variables = variables_of(new, again.node, kept_with(new).coercers)
        assert (
            kept_with(new)
            .variables.put((again.document.text, ""), variables, by=MINE)
            .coerced({"order": {"id": "ASC"}})
        )
        assert made.joined(CRM, by=MINE) is new
