"""[B2] A field that becomes a text shows nothing where its mask let nothing show before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.permissions import field_permission, restriction, role
from tests.builders.type_changes import add_value_field, change_type

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def mask_for_sales(tenant: Tenant, field: str) -> None:
    async def mask(work: DefinitionWork) -> None:
        role_id = await work.session.scalar(sa.select(role.c.id).where(role.c.name == "sales"))
        named = {"role_id": role_id, "object_name": "customer", "field_name": field, "level": "masked"}
        await work.session.execute(sa.insert(field_permission).values(**named, mask="name"))
        await work.session.execute(sa.insert(restriction).values(**named, verb=""))

    await tenant.define(mask)


async def said_of(tenant: Tenant, field: str) -> tuple[str, str, str, int]:
    async def read(work: DefinitionWork) -> tuple[str, str, str, int]:
        given = await work.session.row(sa.select(field_permission).where(field_permission.c.field_name == field))
        limit = await work.session.row(sa.select(restriction).where(restriction.c.field_name == field))
        version = await work.session.scalar(sa.select(role.c.version).where(role.c.name == "sales"))
        assert given is not None
        assert limit is not None
        return given["level"], given["mask"], limit["level"], version

    return await tenant.define(read)


async def test_masked_number_is_a_text_of_which_nothing_shows(company: Tenant) -> None:
    await add_value_field(company, "salary", "integer")
    await mask_for_sales(company, "salary_c")
    *_, version = await said_of(company, "salary_c")

    await change_type(company, "salary_c", "text")

    assert await said_of(company, "salary_c") == ("masked", "full", "none", version + 1)


async def test_masked_text_keeps_its_mask(company: Tenant) -> None:
    await add_value_field(company, "nick")
    await mask_for_sales(company, "nick_c")
    *_, version = await said_of(company, "nick_c")

    await change_type(company, "nick_c", "longText")

    assert await said_of(company, "nick_c") == ("masked", "name", "masked", version)
