from __future__ import annotations

from graphql import GraphQLObjectType, GraphQLScalarType, GraphQLString, build_schema

from schema.metadata.types import Output
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.inputs import create_type, set_type
from schema.sdl.slim import InputField, OutputField
from schema.sdl.types import NoWords, Types
from tests.builders.workshop import workshop


def types(static: str = "type Query { hello: String }") -> Types:
    return Types(workshop(), build_schema(static).type_map, NoWords())


def test_type_is_made_once() -> None:
    made = types()

    assert made.money is made.money
    assert made.scalar("Decimal") is made.scalar("Decimal")


def test_members_that_are_alike_are_one() -> None:
    made = types()
    means = Coordinate(Role.MEASURE, "amount", "quote")

    first, same, other, told = (
        made.alike(kind, GraphQLString, extensions=means.extension(), description=label)
        for kind, label in ((InputField, None), (InputField, None), (OutputField, None), (InputField, "Amount"))
    )

    assert first is same
    assert len({id(each) for each in (first, other, told)}) == 3
    assert made.list_of(GraphQLString) is made.list_of(GraphQLString)
    assert str(made.not_null(made.list_of(made.money))) == "[Money!]!"


def test_inputs_of_an_object_have_members_in_common() -> None:
    made = types()
    thing = made.target("sheBei_c")

    given, changed = create_type(made, thing).fields, set_type(made, thing).fields

    assert {*changed} == {"gongChangId_c", "jiaGe_c"}
    assert [name for name in changed if changed[name] is not given[name]] == []


def test_types_of_the_static_schema_are_taken_over() -> None:
    made = types("type Query { at: DateTime } scalar DateTime")

    assert [each.name for each in made.all if each.name == "DateTime"] == ["DateTime"]
    assert "Query" not in {each.name for each in made.all}


def test_every_output_has_a_type_to_read_and_one_to_write() -> None:
    made = types()

    for output in set(Output) - {Output.RECORD, Output.RECORDS, Output.SEALED}:
        assert str(made.output(output)) == output.value
    assert str(made.output(Output.RECORDS)) == str(made.input(Output.RECORDS)) == "[ID!]"
    assert str(made.output(Output.SEALED)) == str(made.input(Output.SEALED)) == "String"
    assert str(made.input(Output.POINT)) == "GeolocationInput"
    assert str(made.input(Output.ADDRESS)) == "AddressInput"
    assert str(made.input(Output.RECORD)) == "ID"
    assert str(made.input(Output.MONEY)) == "MoneyInput"
    assert str(made.input(Output.TEXT_LIST)) == "[String!]"


def test_words_of_a_shared_schema_are_none() -> None:
    assert NoWords().object("customer") is None
    assert NoWords().field("customer", "name") is None


def test_money_and_page_info_are_plain() -> None:
    made = types()

    assert isinstance(made.money, GraphQLObjectType)
    assert {name: str(field.type) for name, field in made.money.fields.items()} == {
        "amount": "Decimal!",
        "currency": "String!",
    }
    assert {name: str(field.type) for name, field in made.page_info.fields.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }
    assert isinstance(made.scalar("JSON"), GraphQLScalarType)
