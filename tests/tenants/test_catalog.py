"""The catalog: tenants by slug, id and schema; logins with sealed passwords; keys and audit heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants.catalog import Catalog, UnknownCell
from tenants.catalog_tables import TenantState, audit_head, tenant
from tenants.connection import DatabaseUnavailable
from tenants.keys import MasterKey, MasterKeyMismatch
from tests.builders.clocks import Hours

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.installation import Installation
    from tests.tenants.bare import Bare

pytestmark = pytest.mark.integration


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def catalog(installation: Installation, hours: Hours) -> AsyncIterator[Catalog]:
    """A catalog whose memory grows old when the test says so."""
    opened = Catalog(installation.catalog._address, MasterKey(installation.settings.master_key), clock=hours)
    yield opened
    await opened.close()


async def test_tenant_is_found_by_slug_and_schema(bare: Bare, catalog: Catalog) -> None:
    placement = bare.placement

    assert await catalog.placement_by_slug(placement.slug) == placement
    assert await catalog.placement_by_schema(placement.cell, placement.role) == placement
    assert await catalog.placement_by_schema(placement.cell, placement.owner_role) == placement


async def test_nobody_else_is_found(bare: Bare, catalog: Catalog) -> None:
    assert await catalog.placement_by_slug("nobody") is None
    assert await catalog.placement_by_schema("another_cell", bare.placement.schema) is None


async def test_placement_is_remembered_for_a_few_seconds(bare: Bare, catalog: Catalog, hours: Hours) -> None:
    slug = bare.placement.slug
    assert catalog.known_by_slug(slug) is None
    await catalog.placement_by_slug(slug)
    await catalog.execute(sa.update(tenant).where(tenant.c.slug == slug).values(state="suspended"))

    assert await catalog.placement_by_slug(slug) == catalog.known_by_slug(slug) == bare.placement
    hours.seconds = 5
    assert catalog.known_by_slug(slug) is None
    assert await catalog.placement_by_slug(slug) is None


async def test_memory_can_be_dropped(bare: Bare, catalog: Catalog) -> None:
    slug = bare.placement.slug
    await catalog.placement_by_slug(slug)
    await catalog.execute(sa.update(tenant).where(tenant.c.slug == slug).values(state="suspended"))
    catalog.forget()

    assert await catalog.placement_by_slug(slug) is None


async def test_disabled_tenant_ends_what_it_began_and_is_not_answered(bare: Bare, catalog: Catalog) -> None:
    place = bare.placement
    active, disabled = TenantState.ACTIVE, TenantState.DISABLED

    assert await catalog.switch(place.slug, to=disabled, from_=active)
    assert not await catalog.switch(place.slug, to=disabled, from_=active)
    assert await catalog.placement_by_slug(place.slug) is None
    assert place not in await catalog.each_active_placement()
    assert await catalog.placement_by_schema(place.cell, place.schema) == place
    assert await catalog.switch(place.slug, to=active, from_=disabled)
    assert await catalog.placement_by_slug(place.slug) == place


async def test_active_tenants_are_listed_by_cell(bare: Bare, catalog: Catalog) -> None:
    everywhere = await catalog.each_active_placement()

    assert bare.placement in everywhere
    assert await catalog.each_active_placement(bare.placement.cell) == everywhere
    assert await catalog.each_active_placement("another_cell") == []


async def test_login_is_reached_with_its_own_password(catalog: Catalog) -> None:
    (cell,) = await catalog.cells()
    relay = await catalog.login_address(cell, "relay")
    sequencer = await catalog.login_address(cell, "sequencer")

    assert (relay.database, relay.user) == (cell, f"{cell}_relay")
    assert relay.password != sequencer.password
    assert relay.password not in repr(relay)


@pytest.mark.parametrize(("cell", "login"), [("kezhi_cell_1", "root"), ("kezhi_cell_9", "relay")])
async def test_unknown_login_has_no_address(catalog: Catalog, cell: str, login: str) -> None:
    with pytest.raises(UnknownCell):
        await catalog.login_address(cell, login)


async def test_another_master_key_opens_nothing(installation: Installation) -> None:
    stranger = Catalog(installation.catalog._address, MasterKey(bytes(32)))

    with pytest.raises(MasterKeyMismatch):
        await stranger.login_address("kezhi_cell_1", "relay")
    await stranger.close()


async def test_same_audit_head_is_kept_once(bare: Bare, installation: Installation, catalog: Catalog) -> None:
    for signature in (b"first", b"second"):
        await catalog.note_audit_head(
            bare.placement.tenant_id, seq=7, digest=b"hash", kid=installation.audit_key.kid, signature=signature
        )

    query = sa.select(audit_head.c.seq, audit_head.c.signature).where(
        audit_head.c.tenant_id == bare.placement.tenant_id
    )
    assert [tuple(row) for row in await catalog.rows(query)] == [(7, b"first")]


async def test_server_that_goes_away_is_unavailable_and_found_again(catalog: Catalog) -> None:
    with pytest.raises(DatabaseUnavailable):
        await catalog.rows(sa.select(sa.func.pg_terminate_backend(sa.func.pg_backend_pid())))

    assert await catalog.cells() == ["kezhi_cell_1"]
