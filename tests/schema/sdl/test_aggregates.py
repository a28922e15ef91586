from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema

from schema.metadata.registry import Registry
from schema.metadata.types import Function
from schema.sdl.aggregates import measured_fields


def outputs(schema: GraphQLSchema, name: str) -> dict[str, str]:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return {key: str(field.type) for key, field in found.fields.items()}


def inputs(schema: GraphQLSchema, name: str) -> dict[str, str]:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return {key: str(field.type) for key, field in found.fields.items()}


def test_group_offers_its_key_and_its_measures(crm: GraphQLSchema) -> None:
    assert outputs(crm, "OpportunityAggregate") == {
        "group": "OpportunityGroup",
        "count": "Int",
        "sum": "OpportunitySum",
        "avg": "OpportunityAvg",
        "min": "OpportunityMin",
        "max": "OpportunityMax",
        "countDistinct": "OpportunityCountDistinct",
    }


def test_money_is_measured_for_each_currency(crm: GraphQLSchema) -> None:
    for name in ("OpportunitySum", "OpportunityAvg", "OpportunityMin"):
        assert outputs(crm, name)["amount"] == "[Money!]"


def test_sums_widen_and_averages_are_decimal(crm: GraphQLSchema) -> None:
    assert outputs(crm, "OpportunitySum")["version"] == "Long"
    assert outputs(crm, "OpportunityAvg")["version"] == "Decimal"
    assert outputs(crm, "OpportunityMax")["closeOn"] == "Date"
    assert outputs(crm, "OpportunityCountDistinct")["customer"] == "Int"


def test_groups_by_fields_dates_and_relations(crm: GraphQLSchema) -> None:
    keys = inputs(crm, "OpportunityGroupBy")

    assert (keys["stage"], keys["closeOn"], keys["customer"], keys["customerId"]) == (
        "Boolean",
        "DateGranularity",
        "CustomerGroupBy",
        "Boolean",
    )
    assert outputs(crm, "OpportunityGroup")["createdAt"] == "Date"


def test_groups_are_ordered_and_chosen_by_measures_that_compare(crm: GraphQLSchema) -> None:
    """A sum of money is a list by currency: it has no order."""
    assert inputs(crm, "OpportunityAggregateOrder")["count"] == "Direction"
    assert inputs(crm, "OpportunityHaving")["count"] == "IntFilter"
    assert "amount" not in inputs(crm, "OpportunitySumOrder")
    assert inputs(crm, "OpportunityAvgHaving")["probability"] == "DecimalFilter"


def test_measured_fields_are_those_of_the_type_table(registry: Registry) -> None:
    opportunity = registry.shape.objects["opportunity"]

    assert {field.name for field in measured_fields(opportunity, Function.SUM)} == {"amount", "probability", "version"}
