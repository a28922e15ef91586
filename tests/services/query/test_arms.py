"""[G2] One record is asked with the conditions that guard it: which arms of a caller it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services import permissions, query, records
from services.permissions import OwnedBy, Scope, Shared, Verb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.permissions import Arm
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant


async def test_arms_are_met_by_the_record_and_not_by_another(tenant: Tenant) -> None:
    made = await tenant.write(lambda work: records.create(work, "customer", [{"name": "海蓝"}]), person="sales")

    async def met(work: ReadWork, record_id: UUID) -> Mapping[Arm, bool] | None:
        policy = await permissions.policy(work)
        return await query.arms_met(work, policy, "customer", record_id, policy.on("customer").arms(Verb.READ))

    own, shared = OwnedBy(Scope.OWN), Shared(Verb.READ)
    mine = await tenant.read(lambda work: met(work, made.ids[0]), person="sales")
    assert mine == {own: True, shared: False}
    assert await tenant.read(lambda work: met(work, made.ids[0]), person="stranger") == {own: False, shared: False}
    assert await tenant.read(lambda work: met(work, UUID(int=1)), person="sales") is None
