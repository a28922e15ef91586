"""[G2 G4] Audit entries of rules keep which fields decide, and no value of a field whose reading is audited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import criteria_rule
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


async def test_what_is_not_marked_is_told_as_it_was_said(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    rule = {"object": "customer", "reach": "read", "filter": {"region": {"eq": "north"}}}

    await mutate(admin, "createSharingRule", userId=str(tenant.user_id("stranger")), **rule)

    details = await told(tenant, "sharingRule.created")
    assert (details["filter"], "fields" in details) == (rule["filter"], False)
