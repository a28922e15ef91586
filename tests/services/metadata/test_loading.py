"""The registry is read once for each version, and equal shapes are one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import metadata, packs
from services.metadata.loading import definitions
from tests.builders.metadata import add_field, registry_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_provisioned_tenant_has_exactly_its_pack(shared_tenant: Tenant) -> None:
    assert await shared_tenant.read(definitions) == packs.settled_alone(packs.load("crm")).objects


async def test_registry_is_read_once(tenant: Tenant) -> None:
    first = await tenant.read(metadata.registry)

    assert await tenant.read(metadata.registry) is first


async def test_tenants_of_equal_shape_share_it(tenant: Tenant, other_tenant: Tenant) -> None:
    mine, theirs = await registry_of(tenant), await registry_of(other_tenant)

    assert mine.shape is theirs.shape
    assert mine is not theirs


async def test_tenant_that_differs_has_its_own(tenant: Tenant, other_tenant: Tenant) -> None:
    made = await add_field(tenant)

    mine, theirs = await registry_of(tenant), await registry_of(other_tenant)
    assert mine.shape.field("customer", made.field_name) is not None
    assert theirs.shape.field("customer", made.field_name) is None


async def test_same_field_made_twice_is_the_same_shape(tenant: Tenant, other_tenant: Tenant) -> None:
    await add_field(tenant)
    await add_field(other_tenant)

    mine, theirs = await registry_of(tenant), await registry_of(other_tenant)
    columns = {each.names["customer"].fields["sheBeiXingHao_c"].column for each in (mine, theirs)}
    assert mine.shape is theirs.shape
    assert len(columns) == 2
