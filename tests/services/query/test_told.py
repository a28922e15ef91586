"""[G2 G4] Audit entries of rules keep which fields decide, and no value of a field whose reading is audited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import criteria_rule
from tests.builders.background import link_entries
from tests.builders.mutations import mutate
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

NUMBER = "+8613800131234"
FILTER = {"filter": {"region": {"in": ["n"]}, "phone": {"eq": NUMBER}}}
WORDS = {"expression": f"phone == '{NUMBER}'"}


RULES = "query ($id: ID!) { rolePermissions(roleId: $id) { records { id } } }"
ENTRIES = """query ($id: ID!) { auditEntries(orderBy: [{seq: ASC}], filter: {
  recordId: {eq: $id}, action: {in: ["role.recordsOpened", "role.recordsClosed", "role.deleted"]}
}) { nodes { details } } }"""


async def told(tenant: Tenant, action: str) -> dict[str, Any]:  # Any: decoded JSON
    entry = sa.select(audit_entry.c.body).where(audit_entry.c.action == action)
    body = await tenant.read(lambda work: work.session.scalar(entry))
    found: dict[str, Any] = json.loads(body)["details"]
    return found


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (FILTER, {"fields": ["customer.phone", "customer.region"],
                  "filter": {"region": {"in": ["***"]}, "phone": {"eq": "***"}}}),
        (WORDS, {"fields": ["customer.phone"], "expression": "***"}),
    ],
)  # fmt: skip
async def test_entries_of_rules_hold_no_marked_value(
    tenant: Tenant, client_as: ClientAs, said: dict[str, object], kept: dict[str, object]
) -> None:
    admin = await client_as("admin")
    await mutate(admin, "updateField", object="customer", field="phone", auditReads=True)
    rule = {"object": "customer", "reach": "read", **said}
    role = await role_id(admin, "sales")
    whom = str(tenant.user_id("stranger"))

    made = [await mutate(admin, "openRecords", roleId=role, **rule)]
    made.append(await mutate(admin, "createSharingRule", userId=whom, **rule))
    rules = await tenant.read(lambda work: work.session.rows(sa.select(criteria_rule.c.id, criteria_rule.c.role_id)))
    ids = {row["role_id"] is None: str(row["id"]) for row in rules if str(row["role_id"]) == role or not row["role_id"]}
    made.append(await mutate(admin, "closeRecords", roleId=role, ruleId=ids[False]))
    made.append(await mutate(admin, "deleteSharingRule", id=ids[True]))

    assert made == [{"errors": []}] * 4
    for action in ("role.recordsOpened", "sharingRule.created"):
        details = await told(tenant, action)
        assert {name: details.get(name) for name in kept} == kept
    for action in ("role.recordsClosed", "sharingRule.deleted"):
        before = (await told(tenant, action))["before"]
        assert (before["fields"], before["condition"]) == (kept["fields"], "***")


async def test_an_auditor_is_told_no_condition_over_a_field_closed_to_him(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales, manager = [await client_as(who) for who in ("admin", "sales", "manager")]
    readers = [await role_id(admin, name) for name in ("sales", "manager")]
    for each in readers:
        await mutate(admin, "setObjectPermission", roleId=each, object="auditEntry", read="all")
    await mutate(admin, "setFieldPermission", roleId=readers[0], object="customer", field="phone", level="masked")
    made = await mutate(admin, "createRole", "role { id }", name="visitor")
    about = {"roleId": made["role"]["id"], "object": "customer", "reach": "read"}
    for said in (FILTER, WORDS, {"filter": {"region": {"eq": "north"}}}):
        await mutate(admin, "openRecords", **about, **said)
    to_close = (await admin.data(RULES, id=about["roleId"]))["rolePermissions"]["records"][0]["id"]
    await mutate(admin, "closeRecords", roleId=about["roleId"], ruleId=to_close)
    await mutate(admin, "deleteRole", id=about["roleId"])
    await link_entries(tenant)

    async def read(client: Client) -> list[dict[str, Any]]:
        nodes = (await client.data(ENTRIES, id=about["roleId"]))["auditEntries"]["nodes"]
        return [each["details"] for each in nodes]

    closed, shown = await read(sales), await read(manager)

    assert [NUMBER in json.dumps(each) for each in (*closed, *shown)] == [False] * 5 + [True] * 2 + [False] + [True] * 2
    assert [(each["fields"], "filter" in each) for each in closed[:3]] == [
        (["customer.phone", "customer.region"], False), (["customer.phone"], False), (["customer.region"], True),
    ]  # fmt: skip
    assert closed[3]["before"]["object_name"] == "customer"
    assert ["condition" in each for each in closed[4]["before"]["criteria_rule"]] == [False, True]
    assert await read(admin) == shown


async def test_what_is_not_marked_is_told_as_it_was_said(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    rule = {"object": "customer", "reach": "read", "filter": {"region": {"eq": "north"}}}

    await mutate(admin, "createSharingRule", userId=str(tenant.user_id("stranger")), **rule)

    details = await told(tenant, "sharingRule.created")
    assert (details["filter"], details["fields"]) == (rule["filter"], ["customer.region"])
