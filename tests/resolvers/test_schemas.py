from __future__ import annotations

from uuid import UUID

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from resolvers.schemas import Schemas
from services import packs
from services.permissions import EVERYONE, NOBODY, Arm, ObjectRights, Policy
from services.projections import Projection, projection
from services.verbs import Access, Requirement
from tenants.context import Principal, PrincipalKind, TenantId

MINE, THEIRS = TenantId(UUID(int=1)), TenantId(UUID(int=2))
CRM = packs.registry_of_pack("crm")
ANY = Requirement(Access.ANYBODY)


def schemas() -> Schemas:
    return Schemas(build_schema("type Query { hello: String } type Mutation { wave: String }"))


def seen(read: tuple[Arm, ...]) -> Projection:
    """What is there for a user who reads every record of every object, or none."""
    policy = Policy({}, 1, others=ObjectRights(read=read))
    return projection(CRM, policy, Principal(PrincipalKind.USER, UUID(int=1)), dict.fromkeys(("hello", "wave"), ANY))


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
