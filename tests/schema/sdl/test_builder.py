from __future__ import annotations

from graphql import GraphQLSchema, validate_schema

from schema.metadata.registry import Shape
from schema.sdl.builder import build
from schema.sdl.mutations import InputShape, OutputShape, VerbShape
from schema.sdl.printer import print_sdl
from tests.builders.workshop import workshop


def names(schema: GraphQLSchema) -> tuple[set[str], set[str]]:
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    return set(schema.query_type.fields), set(schema.mutation_type.fields)


def test_joined_schema_is_valid_and_keeps_the_static_fields(crm: GraphQLSchema) -> None:
    queries, mutations = names(crm)

    assert validate_schema(crm) == []
    assert {"hello", "node", "customer", "customers", "customersAggregate"} <= queries
    assert {"wave", "createCustomer", "updateCustomers", "upsertCustomers", "restoreCustomer"} <= mutations


def test_system_objects_are_read_only(crm: GraphQLSchema) -> None:
    queries, mutations = names(crm)

    assert {"user", "users", "auditEntries", "jobs"} <= queries
    assert not {name for name in mutations if name.endswith(("User", "Users", "AuditEntry", "Job"))}


def test_names_of_a_tenant_end_as_they_began(static: GraphQLSchema) -> None:
    """[A1] The ending that sets a tenant's names apart is always last."""
    queries, mutations = names(build(workshop(), static))

    assert {"sheBei_c", "sheBeiList_c", "sheBeiListAggregate_c"} <= queries
    assert {"createSheBei_c", "createSheBeiList_c", "destroyGongChang_c", "upsertGongChangList_c"} <= mutations
    assert "upsertSheBeiList_c" not in mutations


def test_equal_shapes_make_equal_schemas(static: GraphQLSchema) -> None:
    again = Shape(reversed(list(workshop().objects.values())))

    assert print_sdl(build(again, static)) == print_sdl(build(workshop(), static))


def test_declared_verb_is_a_mutation(static: GraphQLSchema) -> None:
    verb = VerbShape(
        "repair",
        "Repairs a machine.",
        (
            InputShape("id", "ID", required=True, many=False),
            InputShape("parts", "SheBeiCreate_c", required=False, many=True),
        ),
        (OutputShape("machine", "sheBei_c", many=False),),
    )

    schema = build(workshop(), static, verbs=[verb])

    text = print_sdl(schema)
    assert "  repair(input: RepairInput!): RepairPayload\n" in text
    assert "input RepairInput {\n  clientMutationId: String\n  id: ID!\n  parts: [SheBeiCreate_c!]\n}" in text
    assert "  machine: SheBei_c\n" in text
