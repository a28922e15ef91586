"""Keys of encrypted fields seal for one place, and open for as long as they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants.catalog_tables import secret_key
from tenants.keys import MasterKey
from tenants.secret_keys import KeyRing, SecretKeys, SecretUnreadable, kid_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

NEW, OLD = b"n" * 32, b"o" * 32


def test_what_is_sealed_is_opened_at_its_place_alone() -> None:
    ring = KeyRing({"new": NEW, "old": OLD})

    sealed, again = ring.seal("110101", "a:1"), ring.seal("110101", "a:1")

    assert sealed != again
    assert (kid_of(sealed), ring.open(sealed, "a:1"), "110101" in sealed) == ("new", "110101", False)
    with pytest.raises(SecretUnreadable):
        ring.open(sealed, "a:2")


def test_older_key_opens_and_one_that_is_gone_does_not() -> None:
    sealed = KeyRing({"old": OLD}).seal("一", "a:1")

    assert KeyRing({"new": NEW, "old": OLD}).open(sealed, "a:1") == "一"
    with pytest.raises(SecretUnreadable):
        KeyRing({"new": NEW}).open(sealed, "a:1")


@pytest.mark.parametrize("sealed", ["", "new", "new.", "new.!!!", "new.AAAA", "other.AAAA"])
def test_what_nobody_sealed_is_unreadable(sealed: str) -> None:
    with pytest.raises(SecretUnreadable):
        KeyRing({"new": NEW}).open(sealed, "a:1")


async def test_first_key_is_made_when_it_is_needed_and_a_new_one_seals_at_once(tenant: Tenant) -> None:
    keys, tenant_id = tenant.installation.secrets, tenant.placement.tenant_id
    assert (await keys.opening(tenant_id)).kids == ()

    first = (await keys.sealing(tenant_id)).newest
    sealed = (await keys.sealing(tenant_id)).seal("x", "a:1")
    kid = await keys.rotate(tenant_id)

    ring = await keys.sealing(tenant_id)
    assert (ring.kids, ring.newest, ring.open(sealed, "a:1")) == ((kid, first), kid, "x")


async def test_key_that_another_process_made_is_looked_up(tenant: Tenant) -> None:
    mine, tenant_id = tenant.installation.secrets, tenant.placement.tenant_id
    await mine.sealing(tenant_id)
    kid = await another_process(tenant).rotate(tenant_id)

    assert (await mine.opening(tenant_id)).newest != kid
    assert (await mine.opening(tenant_id, [kid])).newest == kid


async def test_older_keys_go_when_nobody_seals_with_them_any_more(tenant: Tenant) -> None:
    keys, tenant_id = tenant.installation.secrets, tenant.placement.tenant_id
    await keys.sealing(tenant_id)
    assert await keys.outgrown(tenant_id) is None
    kid = await keys.rotate(tenant_id)
    assert await keys.outgrown(tenant_id) is None
    await age(tenant)

    ring = await keys.outgrown(tenant_id)

    assert ring is not None
    await keys.drop_older(tenant_id, ring)
    assert (await keys.opening(tenant_id)).kids == (kid,)


def another_process(tenant: Tenant) -> SecretKeys:
    """One that shares nothing but the catalog and the master key."""
    installation = tenant.installation
    return SecretKeys(installation.catalog, MasterKey(installation.settings.master_key))


async def age(tenant: Tenant) -> None:
    """Ten minutes go by for all keys."""
    older = secret_key.c.created_at - sa.text("interval '10 minutes'")
    await tenant.installation.catalog.execute(sa.update(secret_key).values(created_at=older))
