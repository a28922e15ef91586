"""Levels of fields, criteria and shares put in as rows, for tests that are not about the verbs that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.permissions import criteria_rule, field_permission, record_share, restriction, role
from tenants.context import Moving
from tenants.ids import object_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tenants.context import DefinitionWork, Work
    from tests.builders.tenants import Tenant

ROLE = 3


async def limit_field(
    tenant: Tenant, role_name: str, object_name: str, field_name: str, level: str, *, mask: str = ""
) -> None:
    """How far a role opens a field."""
    limited = {"object_name": object_name, "field_name": field_name, "level": level, "mask": mask}
    await _define(tenant, role_name, field_permission, limited)


async def restrict_field(tenant: Tenant, role_name: str, object_name: str, field_name: str, level: str) -> None:
    """How far a field is closed to a role, whatever else opens it; administrators too."""
    row = {"object_name": object_name, "verb": "", "field_name": field_name, "level": level}
    await _define(tenant, role_name, restriction, row)


async def open_by_criteria(
    tenant: Tenant, role_name: str, object_name: str, condition: Mapping[str, Any], *, reach: str = "read"
) -> None:
    """Records that a role reaches by what stands in them."""
    rule = {"object_name": object_name, "condition": condition, "reach": reach}
    await _define(tenant, role_name, criteria_rule, rule)


async def share(
    tenant: Tenant,
    record_id: UUID,
    *,
    user_id: UUID | None = None,
    department_id: UUID | None = None,
    reach: str = "read",
    expires_at: datetime | None = None,
) -> None:
    """One record for a user or a department."""

    async def insert(work: Work) -> None:
        row = {
            "id": work.ids.new(ROLE),
            "object_number": object_number(record_id),
            "record_id": record_id,
            "user_id": user_id,
            "department_id": department_id,
            "reach": reach,
            "expires_at": expires_at,
        }
        await work.session.execute(sa.insert(record_share).values(row))

    await tenant.write(insert)


async def _define(tenant: Tenant, role_name: str, table: sa.Table, row: Mapping[str, object]) -> None:
    async def insert(work: DefinitionWork) -> None:
        role_id = await work.session.scalar(sa.select(role.c.id).where(role.c.name == role_name))
        made = {"id": work.ids.new(ROLE)} if "id" in table.c else {}
        await work.session.execute(sa.insert(table).values({**made, **row, "role_id": role_id}))
        work.moves.add(Moving.ACCESS)

    await tenant.define(insert)
