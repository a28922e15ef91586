"""[G2] Who stands in for somebody reaches what that one owns, between begin and end, as far as the own roles go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import delegation
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import customer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

SEEN = "{ customers(orderBy: [{name: ASC}]) { nodes { name } } }"
BEFORE, LATER, LAST = "2020-01-01T00:00:00Z", "2998-01-01T00:00:00Z", "2999-01-01T00:00:00Z"


async def names(client: Client) -> list[str]:
    return [each["name"] for each in (await client.data(SEEN))["customers"]["nodes"]]


async def test_a_deputy_reaches_what_the_other_owns_until_the_end(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales, stranger, service = [await client_as(each) for each in ("admin", "sales", "stranger", "service")]
    record = await customer(sales, name="a")
    await customer(stranger, name="b")
    people = {"fromUserId": str(tenant.user_id("sales")), "toUserId": str(tenant.user_id("stranger"))}

    made = await mutate(admin, "delegate", "delegation { id version fromUser { name } }", **people, endsAt=LAST)
    await mutate(admin, "delegate", **{**people, "toUserId": str(tenant.user_id("service"))}, endsAt=LAST)
    seen = (await names(stranger), await names(sales))
    renamed = await mutate(stranger, "updateCustomer", "customer { name }", id=record, set={"name": "c"})
    said = await admin.data(
        """query ($user: ID!, $record: ID!) { explainAccess(userId: $user, recordId: $record, verb: "read") {
          allowed reasons { kind verdict decides } } }""",
        user=people["toUserId"], record=record,
    )  # fmt: skip
    read_only = await refusal(service, "updateCustomer", id=record, set={"name": "d"})
    ended = await mutate(admin, "endDelegation", "delegation { version }", id=made["delegation"]["id"], ifVersion=1)

    assert made["delegation"]["fromUser"] == {"name": "sales"}
    assert (seen, renamed["customer"]) == ((["a", "b"], ["a"]), {"name": "c"})
    assert said["explainAccess"]["allowed"]
    assert {"kind": "delegation", "verdict": "delegated", "decides": True} in said["explainAccess"]["reasons"]
    assert read_only == ("OBJECT_NOT_WRITABLE", ["done"])
    assert (ended["delegation"], await names(stranger)) == ({"version": 2}, ["b"])


async def test_a_delegation_holds_between_begin_and_end_alone(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales, stranger = [await client_as(each) for each in ("admin", "sales", "stranger")]
    await customer(sales, name="a")
    people = {"fromUserId": str(tenant.user_id("sales")), "toUserId": str(tenant.user_id("stranger"))}
    await mutate(admin, "delegate", **people, startsAt=LATER, endsAt=LAST)
    moved = [
        sa.update(delegation).values(starts_at=sa.func.now() - sa.text(f"interval '{first}'"), ends_at=sa.func.now() + sa.text(f"interval '{last}'"))
        for first, last in (("2 hours", "-1 hour"), ("-1 hour", "2 hours"), ("1 hour", "1 hour"))
    ]  # fmt: skip

    seen = [await names(stranger)]
    for each in moved:
        await tenant.define(lambda work: work.session.execute(each))  # noqa: B023
        seen.append(await names(stranger))

    assert seen == [[], [], [], ["a"]]


async def test_bad_delegations_and_wrong_callers_are_refused(tenant: Tenant, client_as: ClientAs) -> None:
    admin, director = await client_as("admin"), await client_as("director")
    sales, stranger = (str(tenant.user_id(each)) for each in ("sales", "stranger"))
    nobody = "0192a000-0000-7001-8000-000000000000"
    wrong = [
        ({"fromUserId": sales, "toUserId": sales, "endsAt": LAST}, ("toUserId", "DELEGATION_TO_ONESELF")),
        ({"fromUserId": sales, "toUserId": nobody, "endsAt": LAST}, ("toUserId", "RELATION_NOT_FOUND")),
        ({"fromUserId": sales, "toUserId": stranger, "endsAt": BEFORE}, ("endsAt", "ENDS_BEFORE_IT_STARTS")),
        (
            {"fromUserId": sales, "toUserId": stranger, "startsAt": LAST, "endsAt": LATER},
            ("endsAt", "ENDS_BEFORE_IT_STARTS"),
        ),
    ]

    for given, (at, code) in wrong:
        assert await mutate(admin, "delegate", **given) == {"errors": [{"path": [at], "code": code}]}
        assert await refusal(director, "delegate", **given) == ("FORBIDDEN", ["done"])
    for client, code in ((admin, "NOT_FOUND"), (director, "FORBIDDEN")):
        assert await refusal(client, "endDelegation", id=nobody) == (code, ["done"])
    made = sa.select(sa.func.count()).select_from(delegation)
    assert await tenant.read(lambda work: work.session.scalar(made)) == 0


async def test_a_delegation_ends_once_and_its_entry_tells_when_it_was_to_end(
    tenant: Tenant, client_as: ClientAs
) -> None:
    admin = await client_as("admin")
    people = {"fromUserId": str(tenant.user_id("sales")), "toUserId": str(tenant.user_id("stranger"))}
    made = await mutate(admin, "delegate", "delegation { id }", **people, endsAt=LAST)

    for _ in range(2):
        assert await mutate(admin, "endDelegation", id=made["delegation"]["id"]) == {"errors": []}

    told = sa.select(audit_entry.c.body).where(audit_entry.c.action == "delegation.ended")
    (entry,) = await tenant.read(lambda work: work.session.rows(told))
    assert list(json.loads(entry["body"])["details"]["before"]) == ["ends_at"]
