"""A field of customers that becomes unique, over a table that may be long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import metadata
from services.metadata import FieldChange
from tests.builders.metadata import registry_of

if TYPE_CHECKING:
    from schema.metadata.fields import FieldState
    from tests.builders.tenants import Tenant

INDEX = "ux_customer_region"


async def make_region_unique(tenant: Tenant) -> metadata.Defined:
    """As an administrator does."""
    return await tenant.define(
        lambda work: metadata.update_field(work, "customer", "region", FieldChange(is_unique=True)), person="admin"
    )


async def state_of(tenant: Tenant) -> tuple[FieldState, bool]:
    """How far it is, and whether it is to be unique."""
    field = (await registry_of(tenant)).shape.field("customer", "region")
    assert field is not None
    return field.state, field.is_unique
