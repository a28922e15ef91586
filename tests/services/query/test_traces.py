"""[G2 G7] What history and audit keep of a record is seen by whom the record is seen by, and no field further."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.jobs import job
from schema.tables.metadata import field_definition
from schema.tables.permissions import object_permission, role
from services import jobs, records
from tenants.context import Moving
from tenants.ids import IdMaker
from tests.builders.background import link_entries
from tests.builders.metadata import add_field
from tests.builders.mutations import mutate
from tests.builders.permissions import limit_field, restrict_field, share
from tests.builders.records import create_one, update

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import DefinitionWork, Work
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]
Person = Callable[[str], Awaitable["Client"]]

HISTORY = """query ($id: ID!) {
  recordHistories(filter: {recordId: {eq: $id}}, orderBy: [{version: ASC}]) { totalCount nodes { verb changes } }
  recordHistoriesAggregate(filter: {recordId: {eq: $id}}) { count }
}"""
DETAILS = "query ($id: ID!) { auditEntries(filter: {recordId: {eq: $id}}) { nodes { action details } } }"
DETAILS_OF_JOB = "query ($id: ID!) { job(id: $id) { reason details } }"
NUMBERS = 'query { fieldDefinitions(filter: {object: {name: {eq: "customer"}}}, first: 100) { nodes { name number } } }'


async def history(client: Client, record_id: UUID) -> list[dict[str, Any]]:  # Any: a change holds any JSON
    found = await client.data(HISTORY, id=str(record_id))
    nodes: list[dict[str, Any]] = found["recordHistories"]["nodes"]
    assert found["recordHistories"]["totalCount"] == len(nodes)
    assert found["recordHistoriesAggregate"] == [{"count": len(nodes)}]
    return nodes


async def changed(client: Client, record_id: UUID) -> dict[str, Any]:  # Any: as above
    """What the first row of history says, by the names of fields."""
    found = await client.data(NUMBERS)
    names = {str(each["number"]): each["name"] for each in found["fieldDefinitions"]["nodes"]}
    (row, *_) = await history(client, record_id)
    return {names.get(key, key): change for key, change in row["changes"].items()}


async def let_audit(tenant: Tenant, role_name: str) -> None:
    """The permission to read audit entries."""

    async def grant(work: DefinitionWork) -> None:
        role_id = await work.session.scalar(sa.select(role.c.id).where(role.c.name == role_name))
        row = {"role_id": role_id, "object_name": "auditEntry", "read_scope": "all"}
        await work.session.execute(sa.insert(object_permission).values(row))
        work.moves.add(Moving.ACCESS)

    await tenant.define(grant)


async def mark_for_audit(tenant: Tenant, field_name: str) -> None:
    async def mark(work: DefinitionWork) -> None:
        chosen = field_definition.c.name == field_name
        await work.session.execute(sa.update(field_definition).where(chosen).values(audit_reads=True))
        work.moves.add(Moving.METADATA)

    await tenant.define(mark)


async def test_history_is_seen_by_whom_the_record_is_seen_by(company: Tenant, person: Person) -> None:
    made = await create_one(company, "customer", person="sales", name="远景天")

    seen = {who: len(await history(await person(who), made)) for who in ("sales", "manager", "stranger")}
    await share(company, made, user_id=company.user_id("stranger"))

    assert seen == {"sales": 1, "manager": 1, "stranger": 0}
    assert len(await history(await person("stranger"), made)) == 1


async def test_history_of_a_deleted_record_is_seen_by_whom_its_bin_is(company: Tenant, person: Person) -> None:
    made = await create_one(company, "customer", person="sales", name="远景地")
    await company.write(lambda work: records.delete(work, "customer", [made]), person="sales")

    people = ("sales", "stranger", "service", "director")
    seen = {who: len(await history(await person(who), made)) for who in people}

    # Customer service reads every customer and may delete none.
    assert seen == {"sales": 2, "stranger": 0, "service": 0, "director": 2}


async def test_what_became_of_a_destroyed_record_is_known_to_whom_reaches_all(company: Tenant, person: Person) -> None:
    made = await create_one(company, "customer", person="sales", name="远景玄")
    await company.write(lambda work: records.delete(work, "customer", [made]), person="sales")
    await company.write(lambda work: records.destroy(work, "customer", [made]), person="sales")

    assert await history(await person("sales"), made) == []
    assert [each["verb"] for each in await history(await person("admin"), made)] == [
        "created", "deleted", "destroyed",
    ]  # fmt: skip


async def test_a_closed_field_is_absent_and_a_masked_one_masked(tenant: Tenant, client_as: Call) -> None:
    await limit_field(tenant, "sales", "customer", "phone", "none")
    await limit_field(tenant, "sales", "customer", "address", "masked")
    await limit_field(tenant, "sales", "customer", "annualRevenue", "masked")
    owner = tenant.user_id("sales")
    given: dict[str, Any] = {"name": "远景", "phone": "13800138000", "annualRevenue": {"amount": "5000000"}}
    made = await create_one(tenant, "customer", **given, address="南京路 1 号", ownerId=owner)

    seen = await changed(await client_as("sales"), made)
    whole = await changed(await client_as("admin"), made)

    assert (seen["name"], seen["address"], seen["annualRevenue"], "phone" in seen) == (
        [None, "远景"], [None, "南***"], [None, None], False,
    )  # fmt: skip
    assert (whole["phone"], whole["address"]) == ([None, "+8613800138000"], [None, "南京路 1 号"])
    assert whole["annualRevenue"] == [None, {"amount": "5000000", "currency": "CNY"}]


async def test_what_a_retired_field_held_is_hidden_with_it(company: Tenant, person: Person) -> None:
    made = await create_one(
        company, "customer", person="sales", name="远景", address="南京路 1 号", website="https://x.cn"
    )
    admin, client = await person("admin"), await person("sales")

    field = '(input: {object: "customer", field: "address"}) { errors { code } }'
    await admin.data(f"mutation {{ retireField{field} }}")
    hidden = [await changed(each, made) for each in (client, admin)]
    await link_entries(company)
    told = await admin.data(DETAILS, id=str(made))
    await admin.data(f"mutation {{ restoreField{field} }}")
    shown = await changed(client, made)

    assert [("website" in each, [None, "南京路 1 号"] in each.values()) for each in hidden] == [(True, False)] * 2
    assert ["address" in each["details"].get("changes", {}) for each in told["auditEntries"]["nodes"]] == [False]
    assert shown["address"] == [None, "南京路 1 号"]


async def test_each_mask_shows_of_old_and_new_what_it_shows_of_the_record(tenant: Tenant, client_as: Call) -> None:
    await limit_field(tenant, "sales", "customer", "phone", "masked", mask="phone")
    await limit_field(tenant, "sales", "customer", "address", "masked", mask="full")
    made = await create_one(tenant, "customer", person="director", name="远景", ownerId=tenant.user_id("sales"))
    for phone in ("13800138000", "13900139000"):
        changes = {"phone": phone, "address": f"{phone} 号"}
        await tenant.write(lambda work, changes=changes: records.update(work, "customer", [made], changes))  # type: ignore[misc]
    client = await client_as("sales")

    found = await client.data(NUMBERS)
    numbers = {each["name"]: str(each["number"]) for each in found["fieldDefinitions"]["nodes"]}
    last = (await history(client, made))[-1]["changes"]

    assert (last[numbers["phone"]], last[numbers["address"]]) == (["138****8000", "139****9000"], ["***", "***"])


async def test_unlinked_records_stand_in_no_answer(company: Tenant, person: Person) -> None:
    customer = await create_one(company, "customer", person="sales", name="远景黄")
    await create_one(
        company, "activity", person="sales", subject="拜访", customerId=customer, occurredAt="2026-03-01T00:00:00Z"
    )
    await company.write(lambda work: records.delete(work, "customer", [customer]), person="sales")

    rows = await history(await person("admin"), customer)

    assert [row["changes"] for row in rows if row["verb"] == "deleted"] == [{}]


async def test_the_id_of_a_record_out_of_sight_stands_in_no_trace(tenant: Tenant, client_as: Call) -> None:
    await let_audit(tenant, "sales")
    hidden = await create_one(tenant, "customer", person="stranger", name="长河")
    seen = await create_one(tenant, "customer", person="sales", name="远景")
    made = await create_one(tenant, "contact", name="王芳", customerId=hidden, ownerId=tenant.user_id("sales"))
    await tenant.write(lambda work: records.update(work, "contact", [made], {"customerId": seen}))
    await link_entries(tenant)

    async def links(client: Client) -> list[object]:
        """What history and the audit tell of the customer, in this order."""
        numbers = (await client.data(NUMBERS.replace('"customer"', '"contact"')))["fieldDefinitions"]["nodes"]
        (number,) = [str(each["number"]) for each in numbers if each["name"] == "customer"]
        kept = [row["changes"][number] for row in await history(client, made)]
        found = (await client.data(DETAILS, id=str(made)))["auditEntries"]["nodes"]
        told = {each["action"]: each["details"]["changes"]["customer"] for each in found}
        return [*kept, told["contact.created"], told["contact.updated"]]

    both = [[None, str(hidden)], [str(hidden), str(seen)]]
    assert await links(await client_as("sales")) == [[None, None], [None, str(seen)]] * 2
    assert await links(await client_as("admin")) == both * 2


async def test_history_tells_the_links_to_records_that_are_seen(tenant: Tenant, client_as: Call) -> None:
    await add_field(tenant, "task", type="relations", name="about", label=Label("有关"), target="customer")
    hidden = str(await create_one(tenant, "customer", person="stranger", name="长河"))
    seen = str(await create_one(tenant, "customer", person="sales", name="远景"))
    made = await create_one(
        tenant, "task", subject="a", ownerId=tenant.user_id("sales"), about_c={"set": sorted([hidden, seen])}
    )
    moves: list[dict[str, list[str]]] = [{"remove": [hidden]}, {"set": []}]
    for links in moves:
        await update(tenant, "task", made, about_c=links)

    async def told(client: Client) -> list[object]:
        numbers = (await client.data(NUMBERS.replace('"customer"', '"task"')))["fieldDefinitions"]["nodes"]
        (number,) = [str(each["number"]) for each in numbers if each["name"] == "about_c"]
        return [row["changes"].get(number) for row in await history(client, made)]

    assert await told(await client_as("admin")) == [[[], sorted([hidden, seen])], [[hidden], []], [[seen], []]]
    assert await told(await client_as("sales")) == [[[], [seen]], None, [[seen], []]]
    await limit_field(tenant, "sales", "task", "about_c", "none")
    assert await told(await client_as("sales")) == [None] * 3


async def test_what_a_job_found_is_told_to_whom_reads_the_field_of_every_record(
    tenant: Tenant, client_as: Call
) -> None:
    found = {"object": "customer", "field": "region", "count": 1, "ids": [["a", "b"]]}
    people = ("admin", "service", "sales")

    async def fail(work: Work, who: str, details: dict[str, object]) -> UUID:
        job_id = work.ids.new(SYSTEM_OBJECTS["job"][1].number)
        row = {"id": job_id, "kind": "test", "requested_by_id": tenant.user_id(who)}
        await work.session.execute(sa.insert(job).values(**row))
        await jobs.fail(work, job_id, reason="VALUES_NOT_UNIQUE", details=details)
        return job_id

    async def told(details: dict[str, object]) -> list[object]:
        """What each reads of a job of his own."""
        made = {who: await tenant.write(partial(fail, who=who, details=details)) for who in people}
        rows = [await (await client_as(who)).data(DETAILS_OF_JOB, id=str(made[who])) for who in people]
        assert {each["job"]["reason"] for each in rows} == {"VALUES_NOT_UNIQUE"}
        return [each["job"]["details"] for each in rows]

    # Customer service reads every customer, sales their own.
    assert await told(found) == [found, found, None]
    assert await told({**found, "field": "gone_c"}) == [None] * 3
    await limit_field(tenant, "service", "customer", "region", "masked")
    assert await told(found) == [found, None, None]
    await restrict_field(tenant, "admin", "customer", "region", "none")
    assert await told(found) == [None] * 3


@pytest.mark.parametrize("target", ["savedView", "recordHistory", "auditEntry", "team"])
async def test_traces_are_read_and_links_written_whatever_a_relation_points_at(
    tenant: Tenant, client_as: Call, target: str
) -> None:
    async def point(work: DefinitionWork) -> None:
        # Nobody may define most of these; a relation of that kind is read nevertheless.
        chosen = field_definition.c.name == "points_c"
        await work.session.execute(sa.update(field_definition).where(chosen).values(target_object=target))
        work.moves.add(Moving.METADATA)

    made = await create_one(tenant, "customer", person="sales", name="远景")
    await let_audit(tenant, "sales")
    await link_entries(tenant)
    field = {"label": {"zh": "指向", "en": "Points"}, "type": "relation", "name": "points", "target": "team"}
    assert (await mutate(await client_as("admin"), "addField", object="customer", field=field))["errors"] == []
    await tenant.define(point)

    update = "mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { errors { code } } }"
    unused = IdMaker().new(SYSTEM_OBJECTS[target][1].number)
    for who in ("admin", "sales"):
        client = await client_as(who)
        (row,) = await history(client, made)
        (entry,) = (await client.data(DETAILS, id=str(made)))["auditEntries"]["nodes"]
        assert [None, "远景"] in row["changes"].values()
        assert entry["details"]["changes"]["name"] == [None, "远景"]
        given = {"id": str(made), "set": {"pointsId_c": str(unused)}}
        assert await client.data(update, input=given) == {
            "updateCustomer": {"errors": [{"code": "RELATION_NOT_FOUND"}]}
        }


async def test_an_auditor_sees_who_did_what_and_of_values_no_more_than_of_the_records(
    tenant: Tenant, client_as: Call
) -> None:
    await let_audit(tenant, "sales")
    await limit_field(tenant, "sales", "customer", "phone", "none")
    own = await create_one(tenant, "customer", person="sales", name="远景")
    other = await create_one(tenant, "customer", person="stranger", name="长河")
    changes = {"phone": "13800138000", "address": "南京路 1 号"}
    await tenant.write(lambda work: records.update(work, "customer", [own, other], changes))
    await link_entries(tenant)
    auditor, admin = await client_as("sales"), await client_as("admin")

    async def updated(client: Client, record_id: UUID) -> object:
        found = await client.data(DETAILS, id=str(record_id))
        (details,) = [
            each["details"] for each in found["auditEntries"]["nodes"] if each["action"] == "customer.updated"
        ]
        return details

    assert await updated(auditor, own) == {"changes": {"address": [None, "南京路 1 号"]}}
    assert await updated(auditor, other) == {}
    assert await updated(admin, other) == {
        "changes": {"address": [None, "南京路 1 号"], "phone": [None, "+8613800138000"]}
    }


async def test_details_of_what_is_no_record_are_whole(tenant: Tenant, client_as: Call) -> None:
    await let_audit(tenant, "sales")
    await link_entries(tenant)
    client = await client_as("sales")

    found = await client.data(
        'query ($id: ID!) { auditEntries(filter: {recordId: {eq: $id}, action: {eq: "user.created"}}) '
        "{ nodes { objectName details } } }",
        id=str(tenant.user_id("manager")),
    )

    (entry,) = found["auditEntries"]["nodes"]
    assert entry["objectName"] == "user"
    assert "email" in entry["details"]["changed"]


async def test_reading_the_history_of_a_marked_field_leaves_an_entry(tenant: Tenant, client_as: Call) -> None:
    made = await create_one(tenant, "customer", person="sales", name="远景")
    await mark_for_audit(tenant, "address")
    client = await client_as("sales")

    await history(client, made)
    await link_entries(tenant)

    found = await (await client_as("admin")).data(
        '{ auditEntries(filter: {action: {eq: "record.read"}}) { nodes { objectName principalId details } } }'
    )
    assert {
        "objectName": "customer",
        "principalId": str(tenant.user_id("sales")),
        "details": {"fields": ["address"]},
    } in (found["auditEntries"]["nodes"])


async def test_audit_keeps_a_marked_field_masked_and_history_keeps_it_whole(tenant: Tenant, client_as: Call) -> None:
    await mark_for_audit(tenant, "address")
    made = await create_one(tenant, "customer", person="sales", name="远景", address="南京路 1 号")
    await link_entries(tenant)
    admin = await client_as("admin")

    found = await admin.data(DETAILS, id=str(made))

    (entry,) = found["auditEntries"]["nodes"]
    assert (entry["details"]["changes"]["address"], entry["details"]["masked"]) == ([None, "***"], ["address"])
    assert entry["details"]["changes"]["name"] == [None, "远景"]
    assert (await changed(admin, made))["address"] == [None, "南京路 1 号"]


async def test_who_may_not_read_audit_entries_is_refused(person: Person) -> None:
    client = await person("director")

    (error,) = await client.errors("{ auditEntries { nodes { action } } }")

    assert error["extensions"]["code"] == "OBJECT_NOT_READABLE"
