"""[G4] Sharing rules open records by what stands in them to a user, a department or a team, and no verb to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.permissions import criteria_rule, user
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import customer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

SEEN = "{ customers(orderBy: [{name: ASC}]) { nodes { name } } }"
RULE = {"object": "customer", "reach": "update", "filter": {"region": {"eq": "north"}}}


async def names(client: Client) -> list[str]:
    return [each["name"] for each in (await client.data(SEEN))["customers"]["nodes"]]


@pytest.mark.parametrize("whom", ["userId", "departmentId", "teamId"])
async def test_a_rule_opens_what_is_there_and_what_comes(tenant: Tenant, client_as: ClientAs, whom: str) -> None:
    admin, sales, stranger = [await client_as(person) for person in ("admin", "sales", "stranger")]
    record = await customer(sales, name="a", region="north")
    await customer(sales, name="b", region="east")
    member = str(tenant.user_id("stranger"))
    west = sa.select(user.c.department_id).where(user.c.id == tenant.user_id("stranger"))
    team = (await mutate(admin, "createTeam", "team { id }", name="北区组"))["team"]["id"]
    await mutate(admin, "addTeamMember", teamId=team, userId=member)
    place = str(await tenant.read(lambda work: work.session.scalar(west)))

    made = await mutate(
        admin,
        "createSharingRule",
        "ruleId",
        **RULE,
        **{whom: {"userId": member, "departmentId": place, "teamId": team}[whom]},
    )
    await customer(sales, name="c", region="north")
    seen = await names(stranger)
    renamed = await mutate(stranger, "updateCustomer", "customer { name }", id=record, set={"name": "d"})
    await mutate(admin, "deleteSharingRule", id=made["ruleId"])

    assert (made["errors"], seen, renamed["customer"]) == ([], ["a", "c"], {"name": "d"})
    assert await names(stranger) == []


async def test_a_rule_may_be_said_as_an_expression(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales, stranger = [await client_as(person) for person in ("admin", "sales", "stranger")]
    for name, region in (("a", "north"), ("b", "east")):
        await customer(sales, name=name, region=region)
    text = "region == 'north' && owner != currentUser()"

    await mutate(
        admin,
        "createSharingRule",
        object="customer",
        reach="read",
        expression=text,
        userId=str(tenant.user_id("stranger")),
    )

    assert await names(stranger) == ["a"]


async def test_a_rule_gives_no_verb_that_no_role_grants(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales, service = [await client_as(person) for person in ("admin", "sales", "service")]
    record = await customer(sales, name="a", region="north")

    await mutate(admin, "createSharingRule", **RULE, userId=str(tenant.user_id("service")))

    assert (await refusal(service, "updateCustomer", id=record, set={"name": "d"}))[0] == "OBJECT_NOT_WRITABLE"


BAD: list[tuple[dict[str, Any], tuple[str, str]]] = [  # Any: as a client writes it
    ({"object": "nothing"}, ("object", "UNKNOWN_OBJECT")),
    ({"object": "user"}, ("object", "UNKNOWN_OBJECT")),
    ({"filter": {}}, ("filter", "EVERY_RECORD_CHOSEN")),
    ({"filter": {"level": {"notIn": []}}}, ("filter", "EVERY_RECORD_CHOSEN")),
    ({"filter": {"nothing": {"eq": 1}}}, ("filter", "UNKNOWN_NAME")),
    ({"filter": None}, ("filter", "FILTER_OR_EXPRESSION")),
    ({"filter": None, "expression": "regio == 'north'"}, ("expression", "EXPRESSION_UNKNOWN_NAME")),
    ({"reach": "all"}, ("reach", "UNKNOWN_CHOICE")),
    ({"userId": None}, ("userId", "ONE_GRANTEE")),
]


async def test_bad_rules_and_wrong_callers_are_refused(tenant: Tenant, client_as: ClientAs) -> None:
    admin, director = await client_as("admin"), await client_as("director")
    good = {**RULE, "userId": str(tenant.user_id("stranger"))}

    for given, (at, code) in BAD:
        assert await mutate(admin, "createSharingRule", **{**good, **given}) == {
            "errors": [{"path": [at], "code": code}]
        }
    unknown = "0192a000-0000-7000-8000-000000000000"
    assert await refusal(admin, "deleteSharingRule", id=unknown) == ("NOT_FOUND", ["done"])
    assert await refusal(director, "createSharingRule", **good) == ("FORBIDDEN", ["done"])
    assert await refusal(director, "deleteSharingRule", id=unknown) == ("FORBIDDEN", ["done"])
    written = sa.select(sa.func.count()).select_from(criteria_rule)
    assert await tenant.read(lambda work: work.session.scalar(written)) == 0
