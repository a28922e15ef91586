"""[G7] What an administrator changes of people's roles, teams, departments and clients stands in the audit before and after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tests.builders.mutations import mutate
from tests.builders.oauth import partner
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client


async def details(tenant: Tenant, action: str) -> Any:  # Any: decoded JSON
    said = sa.select(audit_entry).where(audit_entry.c.action == action).order_by(audit_entry.c.id.desc())
    row, *_ = await tenant.read(lambda work: work.session.rows(said))
    assert (row["principal_id"], row["agent"] != "") == (tenant.user_id("admin"), True)
    return json.loads(row["body"])["details"]


async def test_before_and_after_stand_in_the_entry(tenant: Tenant, client_as: Callable[..., Awaitable[Client]]) -> None:
    admin = await client_as("admin")
    place = (await mutate(admin, "createDepartment", "department { id }", name="华东"))["department"]["id"]
    team = (await mutate(admin, "createTeam", "team { id }", name="一组"))["team"]["id"]
    client = await partner(tenant, admin, ["customer:read"])

    await mutate(admin, "updateDepartment", id=place, name="华南")
    await mutate(admin, "updateTeam", id=team, name="二组")
    await mutate(admin, "updateRole", id=await role_id(admin, "sales"), labelEn="Seller")
    await mutate(admin, "updateClient", id=client.id, scopes=["lead:read"])

    assert await details(tenant, "department.updated") == {"name": "华南", "before": {"name": "华东"}}
    assert await details(tenant, "team.updated") == {"name": "二组", "before": {"name": "一组"}}
    assert await details(tenant, "role.updated") == {"label_en": "Seller", "before": {"label_en": "Sales"}}
    assert await details(tenant, "client.updated") == {"scopes": ["lead:read"], "before": {"scopes": ["customer:read"]}}
