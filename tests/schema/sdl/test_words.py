from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema

from schema.metadata.registry import Registry
from schema.sdl.builder import build
from schema.sdl.words import RegistryWords


def test_labels_become_descriptions_in_the_asked_language(registry: Registry, static: GraphQLSchema) -> None:
    schema = build(registry.shape, static, words=RegistryWords(registry, "zh"))
    customer, given = schema.type_map["Customer"], schema.type_map["CustomerCreate"]

    assert isinstance(customer, GraphQLObjectType)
    assert isinstance(given, GraphQLInputObjectType)
    assert customer.description == "客户"
    assert customer.fields["phone"].description == given.fields["phone"].description == "电话"


def test_new_records_tell_what_must_be_given(registry: Registry, static: GraphQLSchema) -> None:
    schema = build(registry.shape, static, words=RegistryWords(registry, "en"))
    chinese = build(registry.shape, static, words=RegistryWords(registry, "zh"))

    def said(schema: GraphQLSchema, type_name: str, field: str) -> str | None:
        type_ = schema.type_map[type_name]
        assert isinstance(type_, GraphQLInputObjectType)
        description: str | None = type_.fields[field].description
        return description

    assert said(schema, "CustomerCreate", "name") == "Name\nRequired."
    assert said(chinese, "CustomerCreate", "name") == "客户名称\n必填。"
    # Filled by its default, and by whoever makes the record.
    assert said(schema, "ActivityCreate", "occurredAt") == "Occurred at"
    assert "Required" not in str(said(schema, "CustomerCreate", "ownerId"))
    assert said(schema, "CustomerSet", "name") == "Name"


def test_choices_are_listed_behind_the_label(registry: Registry) -> None:
    described = RegistryWords(registry, "en").field("opportunity", "stage")

    assert described is not None
    assert described.splitlines()[0] == "Stage"
    assert "`won` Won" in described


def test_what_has_no_words_has_no_description(registry: Registry) -> None:
    words = RegistryWords(registry, "en")

    assert words.object("nothing") is None
    assert words.field("customer", "maskedFields") is None


def test_shared_schema_has_no_words(crm: GraphQLSchema) -> None:
    """[G1] Labels are a tenant's own; a schema that tenants share must not hold one."""
    customer = crm.type_map["Customer"]

    assert isinstance(customer, GraphQLObjectType)
    assert customer.description is None
    assert {field.description for field in customer.fields.values()} == {None}
