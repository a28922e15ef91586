"""Roles and records for the tests of what roles say, made over HTTP as people make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import criteria_rule, field_permission, object_permission, restriction, role
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client


async def role_id(admin: Client, name: str) -> str:
    found = await admin.data(
        "query ($name: String!) { roles(filter: {name: {eq: $name}}) { nodes { id } } }", name=name
    )
    return str(found["roles"]["nodes"][0]["id"])


async def customer(client: Client, **record: Any) -> str:  # Any: as a client writes it
    made = await mutate(client, "createCustomer", "customer { id }", record=record)
    return str(made["customer"]["id"])


async def everything(tenant: Tenant) -> list[int]:
    """How many rows there are of what roles say, and of traces."""
    tables = (role, object_permission, field_permission, criteria_rule, restriction, audit_entry)
    counts = sa.select(*(sa.select(sa.func.count()).select_from(each).scalar_subquery() for each in tables))
    (row,) = await tenant.read(lambda work: work.session.rows(counts))
    return list(row)
