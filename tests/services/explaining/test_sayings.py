"""[G2] What a role says is told row by row, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.permissions import role
from services import explaining

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_rows_stand_in_the_order_of_their_names(shared_tenant: Tenant) -> None:
    sales = await shared_tenant.read(
        lambda work: work.session.scalar(sa.select(role.c.id).where(role.c.name == "sales"))
    )

    said = await shared_tenant.read(lambda work: explaining.role_permissions(work, sales), person="admin")

    names = ["*", "campaign", "invoice", "priceBook", "product", "receipt"]
    assert [each["object_name"] for each in said.objects] == names
    assert (said.name, said.is_admin, said.fields, said.records, said.restrictions) == ("sales", False, [], [], [])
    assert await shared_tenant.read(explaining.sharing_rules, person="admin") == []
