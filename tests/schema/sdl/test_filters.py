from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLSchema

from schema.metadata.types import Operators
from schema.sdl.coordinates import Coordinate, Role, coordinate
from schema.sdl.filters import FAMILIES
from services.query.operators import OFFERED


def members(schema: GraphQLSchema, name: str) -> dict[str, str]:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return {key: str(field.type) for key, field in found.fields.items()}


def test_families_offer_what_the_compiler_knows() -> None:
    """An operator in the schema that the compiler lacks would be refused; one that only it has could not be used."""
    for family, (_, operators) in FAMILIES.items():
        assert set(operators) == set(OFFERED[family]), family


def test_every_family_finds_empty_values(crm: GraphQLSchema) -> None:
    used = {family.value for family in Operators} & set(crm.type_map)

    assert all(members(crm, name)["isEmpty"] == "Boolean" for name in used)


def test_filter_has_fields_relations_and_logic(crm: GraphQLSchema) -> None:
    opportunity = members(crm, "OpportunityFilter")

    assert opportunity["and"] == "[OpportunityFilter!]"
    assert opportunity["not"] == "OpportunityFilter"
    assert opportunity["amount"] == "MoneyFilter"
    assert opportunity["customer"] == "CustomerFilter"
    assert opportunity["customerId"] == "IdFilter"
    assert members(crm, "CustomerFilter")["opportunities"] == "OpportunityListFilter"
    assert set(members(crm, "OpportunityListFilter")) == {"some", "none", "every"}


def test_operands_have_the_type_of_the_field(crm: GraphQLSchema) -> None:
    assert members(crm, "MoneyFilter") == {"amount": "DecimalFilter", "currency": "KeyFilter", "isEmpty": "Boolean"}
    dates = members(crm, "DateFilter")
    assert (dates["between"], dates["within"], dates["thisMonth"], dates["lastNDays"]) == (
        "[Date!]",
        "RelativeDates",
        "Boolean",
        "Int",
    )


def test_members_say_what_they_mean(crm: GraphQLSchema) -> None:
    found = crm.type_map["OpportunityFilter"]
    assert isinstance(found, GraphQLInputObjectType)

    assert coordinate(found.fields["customer"]) == Coordinate(Role.FOLLOW, "customer", "customer")
    assert coordinate(found.fields["amount"]) == Coordinate(Role.COMPARE_PARTS, "amount", "opportunity")
    assert coordinate(found.fields["or"]) == Coordinate(Role.COMBINE, "or", "opportunity")
