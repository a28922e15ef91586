"""Where a tenant lives. A tenant is always reached through its placement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.context import TenantId

OWNER_SUFFIX = "_owner"


@dataclass(frozen=True, slots=True)
class Placement:
    """One tenant's cell, schema, roles and the login that runs its statements."""

    tenant_id: TenantId
    slug: str
    region: str
    cell: str
    schema: str
    login: str

    @property
    def role(self) -> str:
        """The role that runs: it can use only its own schema."""
        return self.schema

    @property
    def owner_role(self) -> str:
        """The role that owns the tables; only definition work takes it."""
        return self.schema + OWNER_SUFFIX
