"""[G2] A named action is done by those whose roles have it, and by nobody else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import everything, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

# What the standard role of sales people has beside the one that is taken.
OTHERS = ["customer.handOver", "opportunity.closeLost", "opportunity.closeWon"]


async def test_an_action_is_taken_and_given_at_the_next_request(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    about = {"roleId": await role_id(admin, "sales"), "action": "lead.convert"}
    record = {"name": "李工", "company": "海蓝", "phone": "13800131234"}
    lead = (await mutate(sales, "createLead", "lead { id }", record=record))["lead"]["id"]
    asked = "{ effectivePermissions { actions } }"

    taken = await mutate(admin, "revokeAction", "role { version }", **about, ifVersion=1)
    before = await everything(tenant)
    refused = await refusal(sales, "convertLead", id=lead)
    after = await everything(tenant)
    without = (await sales.data(asked))["effectivePermissions"]
    given = await mutate(admin, "grantAction", "role { version }", **about)
    converted = await mutate(sales, "convertLead", "customer { name }", id=lead)

    assert (taken, given) == ({"role": {"version": 2}, "errors": []}, {"role": {"version": 3}, "errors": []})
    assert (refused, before) == (("ACTION_NOT_ALLOWED", ["done"]), after)
    assert (without, (await sales.data(asked))["effectivePermissions"]) == (
        {"actions": OTHERS},
        {"actions": sorted(["lead.convert", *OTHERS])},
    )
    assert converted == {"customer": {"name": "海蓝"}, "errors": []}


async def test_unknown_actions_and_roles_are_refused(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    sales, nobody = await role_id(admin, "sales"), "0192a000-0000-7003-8000-000000000000"

    for name in ("grantAction", "revokeAction"):
        for given, at, code in (
            ({"roleId": sales, "action": "lead.fly"}, "action", "UNKNOWN_CHOICE"),
            ({"roleId": nobody, "action": "lead.convert"}, "roleId", "RELATION_NOT_FOUND"),
            ({"roleId": sales, "ifVersion": 9, "action": "lead.convert"}, "ifVersion", "VERSION_CONFLICT"),
        ):
            assert await mutate(admin, name, **given) == {"errors": [{"path": [at], "code": code}]}


async def test_what_changes_nothing_leaves_no_entry(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    about = {"roleId": await role_id(admin, "service"), "action": "lead.convert"}
    told = sa.select(audit_entry.c.action, audit_entry.c.body).where(audit_entry.c.action.startswith("role.action"))

    for name in ("revokeAction", "grantAction", "grantAction", "revokeAction", "revokeAction"):
        assert await mutate(admin, name, **about) == {"errors": []}

    entries = await tenant.read(lambda work: work.session.rows(told.order_by(audit_entry.c.id)))
    assert [(each["action"], json.loads(each["body"])["details"]) for each in entries] == [
        ("role.actionGranted", {"action": "lead.convert"}),
        ("role.actionRevoked", {"action": "lead.convert"}),
    ]
