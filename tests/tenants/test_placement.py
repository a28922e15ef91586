"""Where a tenant lives."""

from __future__ import annotations

from uuid import UUID

from tenants.context import TenantId
from tenants.placement import Placement


def test_roles_are_named_after_the_schema() -> None:
    placement = Placement(TenantId(UUID(int=1)), "demo", "local", "kezhi_cell_1", "t_abc", "runtime_01")

    assert (placement.role, placement.owner_role) == ("t_abc", "t_abc_owner")
