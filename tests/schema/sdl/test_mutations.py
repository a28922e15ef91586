from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema

from schema.sdl.coordinates import Coordinate, Role, coordinate


def test_every_mutation_takes_one_input_and_answers_a_payload(crm: GraphQLSchema) -> None:
    assert crm.mutation_type is not None
    generated = {name: field for name, field in crm.mutation_type.fields.items() if name != "wave"}

    for name, field in generated.items():
        stem, ending = (name[:-2], "_c") if name.endswith("_c") else (name, "")
        title = stem[0].upper() + stem[1:]
        assert str(field.args["input"].type) == f"{title}Input{ending}!"
        assert str(field.type) == f"{title}Payload{ending}"


def inputs(schema: GraphQLSchema, name: str) -> dict[str, str]:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return {key: str(field.type) for key, field in found.fields.items()}


def test_inputs_of_one_record(crm: GraphQLSchema) -> None:
    assert inputs(crm, "CreateCustomerInput") == {
        "clientMutationId": "String",
        "onDuplicate": "OnDuplicate",
        "record": "CustomerCreate!",
    }
    assert inputs(crm, "UpdateCustomerInput") == {
        "id": "ID!",
        "ifVersion": "Int",
        "clientMutationId": "String",
        "set": "CustomerSet!",
    }
    assert inputs(crm, "DestroyCustomerInput") == {"id": "ID!", "ifVersion": "Int", "clientMutationId": "String"}


def test_inputs_of_sets(crm: GraphQLSchema) -> None:
    assert inputs(crm, "CreateCustomersInput") == {
        "records": "[CustomerCreate!]!",
        "onError": "OnError",
        "clientMutationId": "String",
    }
    assert inputs(crm, "UpdateCustomersInput") == {
        "filter": "CustomerFilter",
        "ids": "[ID!]",
        "set": "CustomerSet!",
        "clientMutationId": "String",
    }
    assert inputs(crm, "UpsertCustomersInput")["by"] == "CustomerKey!"
    assert inputs(crm, "DeleteCustomersInput") == {
        "filter": "CustomerFilter",
        "ids": "[ID!]",
        "clientMutationId": "String",
    }


def test_payloads_name_what_was_written(crm: GraphQLSchema) -> None:
    one, many = crm.type_map["CreateCustomerPayload"], crm.type_map["CreateCustomersPayload"]
    assert isinstance(one, GraphQLObjectType)
    assert isinstance(many, GraphQLObjectType)

    assert {name: str(field.type) for name, field in one.fields.items()} == {
        "clientMutationId": "String",
        "customer": "Customer",
        "errors": "[InputError!]!",
        "duplicates": "[CustomerDuplicate!]!",
    }
    assert {"customers", "count", "job", "errors"} <= set(many.fields)
    assert coordinate(many.fields["customers"]) == Coordinate(Role.WRITTEN, "customers", "customer", many=True)


def test_mutation_says_which_verb_it_is(crm: GraphQLSchema) -> None:
    assert crm.mutation_type is not None

    assert coordinate(crm.mutation_type.fields["updateCustomers"]) == Coordinate(
        Role.WRITE, "update", "customer", many=True, answers="customers"
    )
