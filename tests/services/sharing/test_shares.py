"""[G4] A record is shared with a user, a department or a team, as far and as long as was said, by whoever may share it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import record_share, user
from services import sharing
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import customer, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from tenants.context import Work
    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]
    Person = Callable[[str], Awaitable[Client]]

SEEN = "query ($ids: [ID!]) { customers(filter: {id: {in: $ids}}) { nodes { name } } }"
LATER = "2999-01-01T00:00:00Z"


async def names(client: Client, *records: str) -> list[str]:
    """Of these records, those that are seen."""
    return [each["name"] for each in (await client.data(SEEN, ids=records))["customers"]["nodes"]]


async def grantees(tenant: Tenant, *records: str) -> list[tuple[str, UUID | None]]:
    """Record and user of every share of these records."""
    named = sa.cast(record_share.c.record_id, sa.Text)
    shares = sa.select(named, record_share.c.user_id).where(named.in_(records))
    return [(row[0], row[1]) for row in await tenant.read(lambda work: work.session.rows(shares))]


async def rename(client: Client, record: str) -> str:
    """The name that was given, or the code of the refusal."""
    text = 'mutation ($id: ID!) { done: updateCustomer(input: {id: $id, set: {name: "新名"}}) { customer { name } } }'
    answer = await client.ask(text, {"id": record})
    return str(
        answer["errors"][0]["extensions"]["code"] if "errors" in answer else answer["data"]["done"]["customer"]["name"]
    )


async def test_a_share_opens_a_record_at_once_and_closes_it_again(company: Tenant, person: Person) -> None:
    sales, stranger, colleague = [await person(who) for who in ("sales", "stranger", "colleague")]
    record = await customer(sales, name="海蓝天")
    whom = {"recordId": record, "userId": str(company.user_id("stranger"))}

    assert await mutate(sales, "shareRecord", **whom, reach="read", expiresAt=LATER) == {"errors": []}
    read = (await names(stranger, record), await names(colleague, record), await rename(stranger, record))
    await mutate(sales, "shareRecord", **whom, reach="update")
    changed = await rename(stranger, record)
    assert await mutate(sales, "unshareRecord", **whom) == {"errors": []}

    assert (read, changed) == ((["海蓝天"], [], "OBJECT_NOT_WRITABLE"), "新名")
    assert (await names(stranger, record), await rename(stranger, record)) == ([], "NOT_FOUND")


async def test_departments_and_teams_get_what_is_shared_with_them(company: Tenant, person: Person) -> None:
    admin, sales, stranger = [await person(who) for who in ("admin", "sales", "stranger")]
    records = [await customer(sales, name=name) for name in ("海蓝地", "山青地")]
    west = await company.read(
        lambda work: work.session.scalar(
            sa.select(user.c.department_id).where(user.c.id == company.user_id("stranger"))
        )
    )
    team = (await mutate(admin, "createTeam", "team { id name }", name="大客户组"))["team"]
    member = {"teamId": team["id"], "userId": str(company.user_id("stranger"))}

    await mutate(sales, "shareRecord", recordId=records[0], departmentId=str(west), reach="read")
    await mutate(sales, "shareRecord", recordId=records[1], teamId=team["id"], reach="read")
    before = await names(stranger, *records)
    await mutate(admin, "addTeamMember", **member)
    within = sorted(await names(stranger, *records))
    await mutate(admin, "removeTeamMember", **member)

    assert (before, within, await names(stranger, *records)) == (["海蓝地"], ["山青地", "海蓝地"], ["海蓝地"])


async def test_nobody_shares_what_is_not_his_to_share(company: Tenant, person: Person) -> None:
    sales, stranger, service = [await person(who) for who in ("sales", "stranger", "service")]
    record = await customer(sales, name="海蓝玄")
    to = {"recordId": record, "userId": str(company.user_id("colleague"))}

    refusals = [await refusal(each, "shareRecord", **to, reach="read") for each in (stranger, service)]
    await mutate(sales, "shareRecord", recordId=record, userId=str(company.user_id("stranger")), reach="read")
    reshared = await refusal(stranger, "shareRecord", **to, reach="read")
    unshared = await refusal(stranger, "unshareRecord", **to)

    assert [code for code, _ in (*refusals, reshared, unshared)] == [
        "NOT_FOUND", "NOT_SHAREABLE", "NOT_SHAREABLE", "NOT_SHAREABLE",
    ]  # fmt: skip
    assert len(await grantees(company, record)) == 1


async def test_nobody_lets_others_change_through_deleting_what_he_may_not_change(
    tenant: Tenant, client_as: ClientAs
) -> None:
    admin, sales = [await client_as(who) for who in ("admin", "sales")]
    record = await customer(sales, name="海蓝")
    to = {"recordId": record, "userId": str(tenant.user_id("colleague"))}
    await mutate(admin, "setObjectPermission", roleId=await role_id(admin, "sales"), object="customer", update="none")

    refusals = [await refusal(sales, "shareRecord", **to, reach=reach) for reach in ("update", "delete")]

    assert [code for code, _ in refusals] == ["NOT_SHAREABLE", "NOT_SHAREABLE"]
    assert len(await grantees(tenant, record)) == 0


async def give(client: Client, record: str, owner: object) -> list[dict[str, str]]:
    """What is said of giving a record to somebody."""
    payload = await mutate(client, "updateCustomer", id=record, set={"ownerId": str(owner)})
    return [{"at": each["path"][-1], "code": each["code"]} for each in payload["errors"]]


async def test_a_share_opens_a_record_to_be_changed_and_not_to_be_given(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales, stranger = [await client_as(who) for who in ("admin", "sales", "stranger")]
    record = await customer(sales, name="海蓝")
    me = tenant.user_id("stranger")
    await mutate(sales, "shareRecord", recordId=record, userId=str(me), reach="update")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}

    taken = await give(stranger, record, me)
    given = await give(stranger, record, tenant.user_id("colleague"))
    await mutate(admin, "openRecords", **about, reach="update", expression="name == '海蓝'")
    by_criteria = await give(stranger, record, me)
    await mutate(admin, "setObjectPermission", **about, assign="all")

    assert taken == given == by_criteria == [{"at": "ownerId", "code": "OWNER_NOT_CHANGEABLE"}]
    assert await give(stranger, record, me) == []


async def test_what_belongs_to_nobody_is_taken_by_a_criterion_and_not_by_a_share(
    tenant: Tenant, client_as: ClientAs
) -> None:
    admin, sales, stranger = [await client_as(who) for who in ("admin", "sales", "stranger")]
    record = await customer(admin, name="海蓝", ownerId=None)
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}
    await mutate(admin, "shareRecord", recordId=record, userId=str(tenant.user_id("stranger")), reach="update")

    by_share = await give(stranger, record, tenant.user_id("stranger"))
    await mutate(admin, "openRecords", **about, reach="update", expression="owner == null")

    assert by_share == [{"at": "ownerId", "code": "OWNER_NOT_CHANGEABLE"}]
    assert await give(sales, record, tenant.user_id("sales")) == []


async def test_a_share_ends_where_who_has_it_becomes_the_owner(company: Tenant, person: Person) -> None:
    admin, sales, stranger = [await person(who) for who in ("admin", "sales", "stranger")]
    record = await customer(sales, name="海蓝黄")
    for who in ("stranger", "colleague"):
        await mutate(sales, "shareRecord", recordId=record, userId=str(company.user_id(who)), reach="update")

    await give(admin, record, company.user_id("stranger"))
    left = await grantees(company, record)
    await give(admin, record, company.user_id("sales"))

    assert left == [(record, company.user_id("colleague"))]
    assert await names(stranger, record) == []


async def test_neither_oneself_nor_the_owner_needs_a_share(company: Tenant, person: Person) -> None:
    admin, sales = [await person(who) for who in ("admin", "sales")]
    record = await customer(sales, name="海蓝宇")

    for client, who in ((sales, "sales"), (admin, "sales"), (admin, "admin")):
        answer = await mutate(client, "shareRecord", recordId=record, userId=str(company.user_id(who)), reach="update")
        assert answer == {"errors": [{"path": ["userId"], "code": "SHARE_NOT_NEEDED"}]}, who
    assert len(await grantees(company, record)) == 0


BAD: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {  # Any: as a client writes it
    "nobody": ({}, [("userId", "ONE_GRANTEE")]),
    "two": ({"userId": "colleague", "teamId": "colleague"}, [("userId", "ONE_GRANTEE")]),
    "a stranger to the tenant": (
        {"userId": "0192a000-0000-7001-8000-000000000000"},
        [("userId", "RELATION_NOT_FOUND")],
    ),
    "no id": ({"departmentId": "x"}, [("departmentId", "NOT_AN_ID")]),
    "too far": ({"userId": "colleague", "reach": "all"}, [("reach", "UNKNOWN_CHOICE")]),
    "over": ({"userId": "colleague", "expiresAt": "2020-01-01T00:00:00Z"}, [("expiresAt", "ALREADY_OVER")]),
    "who has left": ({"userId": "finance"}, [("userId", "GRANTEE_INACTIVE")]),
}


async def test_bad_shares_are_refused_with_their_reason(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    record = await customer(admin, name="海蓝宙")
    await mutate(admin, "deactivateUser", id=str(company.user_id("finance")))

    for case, (given, errors) in BAD.items():
        known = {
            name: str(company.user_id(each)) if each in company.principals else each for name, each in given.items()
        }
        answer = await mutate(admin, "shareRecord", **{"recordId": record, "reach": "read", **known})
        assert answer == {"errors": [{"path": [at], "code": code} for at, code in errors]}, case
    unknown = ("0192a000-0000-7064-8000-000000000000", str(company.user_id("sales")))
    for each in unknown:
        assert await refusal(admin, "shareRecord", recordId=each, reach="read") == ("NOT_FOUND", ["done"])
    assert await grantees(company, record, *unknown) == []


@pytest.mark.parametrize(
    "named",
    [{"userId": None}, {"userId": None, "departmentId": None, "teamId": None}, {"userId": "sales", "teamId": "sales"}],
)
async def test_a_name_left_empty_is_not_everybody(
    company: Tenant, person: Person, named: dict[str, str | None]
) -> None:
    sales = await person("sales")
    record = await customer(sales, name=f"海蓝 {named}")
    for who in ("stranger", "colleague"):
        await mutate(sales, "shareRecord", recordId=record, userId=str(company.user_id(who)), reach="read")
    given = {name: each and str(company.user_id(each)) for name, each in named.items()}

    refused = await mutate(sales, "unshareRecord", recordId=record, **given)
    kept = len(await grantees(company, record))
    everybody = await mutate(sales, "unshareRecord", recordId=record)

    assert refused == {"errors": [{"path": ["userId"], "code": "ONE_GRANTEE"}]}
    assert (kept, everybody, len(await grantees(company, record))) == (2, {"errors": []}, 0)


async def test_two_who_share_at_once_leave_one_share(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    record = await customer(sales, name="海蓝荒")
    whom = {"recordId": record, "userId": str(company.user_id("stranger"))}

    answers = await asyncio.gather(*(mutate(sales, "shareRecord", **whom, reach=each) for each in ("read", "update")))

    assert answers == [{"errors": []}] * 2
    assert len(await grantees(company, record)) == 1


async def test_entries_tell_what_was_shared_before(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    record = await customer(sales, name="海蓝日")
    whom = {"recordId": record, "userId": str(company.user_id("stranger"))}

    for reach in ("read", "update"):
        await mutate(sales, "shareRecord", **whom, reach=reach)
    await mutate(sales, "unshareRecord", **whom)

    told = sa.select(audit_entry.c.body).where(
        audit_entry.c.action.in_(("customer.shared", "customer.unshared")),
        sa.cast(audit_entry.c.record_id, sa.Text) == record,
    )
    bodies = [json.loads(row["body"]) for row in await company.read(lambda work: work.session.rows(told))]
    before = {json.dumps(each["details"]["before"]): each["action"] for each in bodies}
    user_id = str(company.user_id("stranger"))
    gone = {"department_id": None, "expires_at": None, "reach": "update", "team_id": None, "user_id": user_id}
    assert before == {
        "null": "customer.shared",
        json.dumps({"expiresAt": None, "reach": "read"}): "customer.shared",
        json.dumps([gone]): "customer.unshared",
    }


async def test_the_shares_of_a_destroyed_record_go_with_it(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    records = [await customer(admin, name=name) for name in ("海蓝月", "山青月")]
    for record in records:
        await mutate(admin, "shareRecord", recordId=record, userId=str(company.user_id("stranger")), reach="read")

    gone = await mutate(admin, "destroyCustomer", id=records[0])

    left = await grantees(company, *records)
    assert (gone, left) == ({"errors": []}, [(records[1], company.user_id("stranger"))])


async def test_shares_that_are_over_are_forgotten(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    record = await customer(admin, name="海蓝盈")
    for who, until in (("stranger", LATER), ("colleague", None)):
        whom = {"recordId": record, "userId": str(company.user_id(who))}
        await mutate(admin, "shareRecord", **whom, reach="read", expiresAt=until)

    async def when_it_is_later(work: Work) -> int:
        return await sharing.forget_old(replace(work, now=datetime.fromisoformat(LATER)))

    assert await company.write(sharing.forget_old) == 0
    assert [await company.write(when_it_is_later) for _ in range(2)] == [1, 0]
    assert await grantees(company, record) == [(record, company.user_id("colleague"))]


async def test_sharing_leaves_entries(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    record = await customer(sales, name="海蓝昃")
    whom = {"recordId": record, "userId": str(company.user_id("stranger"))}

    await mutate(sales, "shareRecord", **whom, reach="read")
    for _ in range(2):
        await mutate(sales, "unshareRecord", **whom)

    entries = sa.select(audit_entry.c.action).where(sa.cast(audit_entry.c.record_id, sa.Text) == record)
    found = [row["action"] for row in await company.read(lambda work: work.session.rows(entries))]
    assert sorted(found) == ["customer.created", "customer.shared", "customer.unshared"]


async def test_a_deputy_opens_to_nobody_what_is_not_his(tenant: Tenant, client_as: ClientAs) -> None:
    """[G2] It would outlast the delegation; what he owns stays his to share."""
    admin, sales, stranger = [await client_as(who) for who in ("admin", "sales", "stranger")]
    ids = {who: str(tenant.user_id(who)) for who in ("sales", "stranger", "colleague")}
    record, own = await customer(sales, name="海蓝"), await customer(stranger, name="山青")
    seat = sa.select(user.c.department_id).where(user.c.id == tenant.user_id("stranger"))
    west = str(await tenant.read(lambda work: work.session.scalar(seat)))
    team = (await mutate(admin, "createTeam", "team { id }", name="甲"))["team"]["id"]
    await mutate(admin, "delegate", fromUserId=ids["sales"], toUserId=ids["stranger"], endsAt=LATER)

    for to in ({"departmentId": west}, {"teamId": team}, {"userId": ids["colleague"]}):
        for until in ({}, {"expiresAt": "2998-01-01T00:00:00Z"}):
            refused = await refusal(stranger, "shareRecord", recordId=record, reach="read", **to, **until)
            assert refused == ("NOT_SHAREABLE", ["done"])
    for client, each in ((stranger, own), (sales, record)):
        assert await mutate(client, "shareRecord", recordId=each, reach="read", teamId=team) == {"errors": []}


async def test_a_deputy_gives_away_nothing_but_his_own(tenant: Tenant, client_as: ClientAs) -> None:
    """[G2] He may work on what the other owns, and enter records in his name."""
    admin, sales, stranger = [await client_as(who) for who in ("admin", "sales", "stranger")]
    ids = {who: str(tenant.user_id(who)) for who in ("sales", "stranger", "colleague")}
    record, own = await customer(sales, name="海蓝"), await customer(stranger, name="山青")
    await mutate(admin, "delegate", fromUserId=ids["sales"], toUserId=ids["stranger"], endsAt=LATER)

    for to in ("stranger", "colleague"):
        assert await give(stranger, record, ids[to]) == [{"at": "ownerId", "code": "OWNER_NOT_CHANGEABLE"}]
    handed = await mutate(stranger, "handOverCustomer", id=record, toUserId=ids["stranger"])
    several = await mutate(stranger, "updateCustomers", ids=[record, own], set={"ownerId": ids["stranger"]})
    entered = await mutate(
        stranger, "createCustomer", "customer { owner { id } }", record={"name": "新", "ownerId": ids["sales"]}
    )

    assert handed["errors"] == [{"path": ["toUserId"], "code": "OWNER_NOT_CHANGEABLE"}]
    assert several["errors"] == [{"path": ["0", "ownerId"], "code": "OWNER_NOT_CHANGEABLE"}]
    assert entered["customer"] == {"owner": {"id": ids["sales"]}}
    assert await rename(stranger, record) == "新名"
    assert await give(stranger, own, ids["sales"]) == []


@pytest.mark.parametrize("reach", ["read", "update"])
async def test_a_shared_record_in_the_bin_is_as_absent_as_one_that_never_was(
    company: Tenant, person: Person, reach: str
) -> None:
    sales, stranger = [await person(who) for who in ("sales", "stranger")]
    record, never = await customer(sales, name=f"海蓝 {reach}"), "0192a000-0000-7065-8000-000000000000"
    whom = {"recordId": record, "userId": str(company.user_id("stranger"))}
    await mutate(sales, "shareRecord", **whom, reach=reach)
    seen = await refusal(stranger, "destroyCustomer", id=record)
    await mutate(sales, "deleteCustomer", id=record)

    answers = {
        (await refusal(stranger, verb, id=each))[0]
        for verb in ("restoreCustomer", "destroyCustomer", "deleteCustomer")
        for each in (record, never)
    }

    assert (seen, answers) == (("OBJECT_NOT_WRITABLE", ["done"]), {"NOT_FOUND"})
