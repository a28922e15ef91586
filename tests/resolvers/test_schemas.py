from __future__ import annotations

from uuid import UUID

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from resolvers.schemas import Schemas
from services import packs
from tenants.context import TenantId

MINE, THEIRS = TenantId(UUID(int=1)), TenantId(UUID(int=2))
CRM = packs.registry_of_pack("crm")


def schemas() -> Schemas:
    return Schemas(build_schema("type Query { hello: String } type Mutation { wave: String }"))


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

    mine = await made.worded(CRM, "zh", of=MINE)

    assert mine is await made.worded(CRM, "zh", of=MINE)
    assert mine is not await made.worded(CRM, "zh", of=THEIRS)
    assert (description(mine), description(await made.worded(CRM, "en", of=MINE))) == ("客户", "Customer")
