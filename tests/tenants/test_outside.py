"""Statements outside of any transaction run as the owner of one tenant, and of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from tenants.outside import run_outside
from tenants.sql import SCHEMA, BoundSql, render, sql
from tests.builders.metadata import indexes_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

BUILD = render(sql("CREATE INDEX CONCURRENTLY try_idx ON {schema}.customer (region)", schema=SCHEMA))


def built_in(tenant: Tenant) -> BoundSql:
    return BUILD.bound(tenant.placement.schema, {})


async def test_index_is_built_beside_running_writes(tenant: Tenant) -> None:
    await run_outside(tenant.installation.catalog, tenant.placement, built_in(tenant))

    assert "try_idx" in await indexes_of(tenant, "customer")


async def test_owner_of_one_tenant_touches_no_other(tenant: Tenant, other_tenant: Tenant) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run_outside(tenant.installation.catalog, tenant.placement, built_in(other_tenant))

    assert "try_idx" not in await indexes_of(other_tenant, "customer")
