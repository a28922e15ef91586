"""[G2] Two roles are told apart line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.permissions import role
from services import explaining
from services.explaining import Difference

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant


async def ids(tenant: Tenant) -> dict[str, UUID]:
    return {row["name"]: row["id"] for row in await tenant.read(lambda work: work.session.rows(sa.select(role)))}


async def test_a_role_does_not_differ_from_itself(shared_tenant: Tenant) -> None:
    sales = (await ids(shared_tenant))["sales"]

    assert await shared_tenant.read(lambda work: explaining.role_difference(work, sales, sales)) == []


async def test_every_line_that_differs_is_told_with_both_sides(shared_tenant: Tenant) -> None:
    known = await ids(shared_tenant)

    found = await shared_tenant.read(
        lambda work: explaining.role_difference(work, known["sales"], known["manager"]), person="admin"
    )

    assert Difference("*", "read", "own", "team") in found
    assert Difference("campaign", "create", "no", "yes") in found
    assert Difference("invoice", "read", "own", "") in found
    assert not [each for each in found if each.one == each.other]
