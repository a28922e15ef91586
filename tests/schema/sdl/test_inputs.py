from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLSchema

from schema.metadata.registry import Registry
from schema.sdl.inputs import input_name, writable_fields


def input_type(schema: GraphQLSchema, name: str) -> GraphQLInputObjectType:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return found


def test_order_names_one_field_possibly_over_relations(crm: GraphQLSchema) -> None:
    order = input_type(crm, "OpportunityOrder")

    assert order.is_one_of
    assert str(order.fields["amount"].type) == "Direction"
    assert str(order.fields["customer"].type) == "CustomerOrder"
    assert "customerId" not in order.fields


def test_platform_writes_its_own_fields_alone(crm: GraphQLSchema) -> None:
    given = set(input_type(crm, "CustomerCreate").fields)

    assert given & {"id", "version", "createdAt", "updatedById", "deletedAt", "lastActivityAt"} == set()
    assert {"name", "phone", "ownerId", "address"} <= given
    assert given == set(input_type(crm, "CustomerSet").fields)


def test_nothing_is_required_by_the_type(crm: GraphQLSchema) -> None:
    """What is missing is reported with everything else that is wrong, not by itself."""
    assert not [
        name for name, field in input_type(crm, "CustomerCreate").fields.items() if str(field.type).endswith("!")
    ]


def test_money_and_relations_are_written_as_amount_and_id(crm: GraphQLSchema, registry: Registry) -> None:
    given = input_type(crm, "OpportunityCreate").fields
    customer = registry.shape.field("opportunity", "customer")

    assert (str(given["amount"].type), str(given["customerId"].type)) == ("MoneyInput", "ID")
    assert customer is not None
    assert input_name(customer) == "customerId"
    assert customer in writable_fields(registry.shape.objects["opportunity"])
