from __future__ import annotations

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, build_schema

from schema.metadata.fields import Choice, Field, FieldState
from schema.metadata.registry import Shape
from schema.sdl.builder import build
from schema.sdl.coordinates import Coordinate, Role, coordinate
from tests.builders.workshop import thing


def members(schema: GraphQLSchema, name: str) -> dict[str, GraphQLField]:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return dict(found.fields)


def test_only_what_is_always_there_is_non_null(crm: GraphQLSchema) -> None:
    customer = members(crm, "Customer")

    assert {name for name, field in customer.items() if str(field.type).endswith("!")} == {
        "id",
        "version",
        "createdAt",
        "updatedAt",
    }


def test_relation_is_followed_and_has_its_id(crm: GraphQLSchema) -> None:
    opportunity = members(crm, "Opportunity")

    assert str(opportunity["customer"].type) == "Customer"
    assert str(opportunity["customerId"].type) == "ID"
    assert coordinate(opportunity["customer"]) == Coordinate(Role.TO_ONE, "customer", "customer")
    assert coordinate(opportunity["customerId"]) == Coordinate(Role.LEAF, "customerId", "opportunity")


def test_inverse_is_a_connection_and_an_aggregate(crm: GraphQLSchema) -> None:
    customer = members(crm, "Customer")

    assert str(customer["opportunities"].type) == "OpportunityConnection"
    assert str(customer["opportunitiesAggregate"].type) == "[OpportunityAggregate!]"
    assert set(customer["opportunities"].args) == {
        "filter",
        "search",
        "orderBy",
        "first",
        "after",
        "last",
        "before",
        "deleted",
    }


def test_choice_has_a_label_in_a_language(crm: GraphQLSchema) -> None:
    opportunity = members(crm, "Opportunity")

    assert str(opportunity["stage"].type) == "String"
    assert str(opportunity["stageLabel"].type) == "String"
    assert list(opportunity["stageLabel"].args) == ["locale"]


def test_connection_offers_edges_nodes_and_totals(crm: GraphQLSchema) -> None:
    shown = {name: str(field.type) for name, field in members(crm, "CustomerConnection").items()}

    assert shown == {
        "edges": "[CustomerEdge!]!",
        "nodes": "[Customer!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int",
        "totalCountIsExact": "Boolean",
    }


def test_system_objects_have_no_bin(crm: GraphQLSchema) -> None:
    query = members(crm, "Query")

    assert "deleted" in query["customers"].args
    assert "deleted" not in query["users"].args


def test_retired_field_is_not_shown() -> None:
    gone = Field("old", "choice", state=FieldState.RETIRED, choices=(Choice("a"),))
    schema = build(Shape([thing("a_c", "aList_c", gone)]), build_schema("type Query { hello: String }"))

    assert {"old", "oldLabel"} & set(members(schema, "A_c")) == set()
