"""Claims: a name in addresses, a place with room, a login that serves few enough tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants import administration, claims
from tenants.catalog_tables import cell, tenant
from tenants.claims import InvalidSlug, KeyReused, NewTenant, NoRoom, SlugTaken, UnknownRegion
from tenants.keys import MasterKey
from tenants.session import transaction

if TYPE_CHECKING:
    from tenants.claims import Claim
    from tenants.installation import Installation

pytestmark = pytest.mark.integration


async def claim(own: Installation, new: NewTenant) -> Claim:
    database = own.settings.database
    async with (
        administration.connected(administration.administrator(database, database.catalog)) as catalog,
        transaction(catalog),
    ):
        return await claims.claim(catalog, MasterKey(own.settings.master_key), new)


@pytest.mark.parametrize("slug", ["", "a", "A-corp", "1st", "end-", "a b", "a" * 41, "客制", "a.b", "a\n"])
async def test_slug_that_is_no_name_in_an_address_is_refused(installation: Installation, slug: str) -> None:
    with pytest.raises(InvalidSlug):
        await claim(installation, NewTenant(slug, "Name"))


def test_all_that_is_wrong_with_a_sign_up_is_known_before_it() -> None:
    wrong = claims.unfit(NewTenant("A", "A", zone="Mars/Olympus"))

    assert [(each.path, each.fault.code) for each in wrong] == [
        (("slug",), "INVALID_SLUG"),
        (("zone",), "UNKNOWN_ZONE"),
    ]
    assert claims.unfit(NewTenant("acme", "Acme")) == []


async def test_slug_and_key_stand_for_one_tenant(own: Installation) -> None:
    first = await claim(own, NewTenant("acme", "Acme", key="one"))

    assert await claim(own, NewTenant("acme", "Acme", key="one")) == first
    with pytest.raises(SlugTaken):
        await claim(own, NewTenant("acme", "Acme", key="two"))
    with pytest.raises(KeyReused):
        await claim(own, NewTenant("other", "Other", key="one"))


async def test_login_serves_only_so_many_tenants(own: Installation) -> None:
    """The 65th gets a login of its own, which may connect."""
    first = (await claim(own, NewTenant("number-0", "First"))).placement
    await own.catalog.execute(_copies(claims.TENANTS_FOR_A_LOGIN - 1))

    after = (await claim(own, NewTenant("number-65", "After"))).placement

    assert (first.login, after.login) == ("runtime_01", "runtime_02")
    async with own.databases.lease(after.cell, after.login) as connection:
        assert await connection.fetchval("SELECT current_user::text") == f"{after.cell}_runtime_02"


async def test_full_cell_takes_no_more(own: Installation) -> None:
    await claim(own, NewTenant("first", "First"))
    database = own.settings.database
    async with administration.connected(administration.administrator(database, database.catalog)) as catalog:
        await catalog.control("UPDATE cell SET capacity = 1")

    with pytest.raises(NoRoom):
        await claim(own, NewTenant("second", "Second"))


async def test_region_is_kept(own: Installation) -> None:
    """A tenant that must stay in a region finds no place in another."""
    (row,) = await own.catalog.rows(sa.select(cell.c.region))

    with pytest.raises(UnknownRegion) as refused:
        await claim(own, NewTenant("elsewhere", "Elsewhere", region="the-moon"))
    assert refused.value.details == {"region": "the-moon", "known": row["region"]}
    assert (await claim(own, NewTenant("here", "Here", region=row["region"]))).placement.region == row["region"]


def _copies(number: int) -> sa.Insert:
    one = tenant.alias()
    name = sa.func.concat("copy-", sa.func.generate_series(1, number))
    schema = sa.func.substr(sa.func.concat("t_", sa.func.md5(sa.cast(sa.func.gen_random_uuid(), sa.Text))), 1, 14)
    same = (one.c.name, one.c.region, one.c.cell, one.c.login, one.c.state)
    return sa.insert(tenant).from_select(
        ["id", "slug", "idempotency_key", "schema", "name", "region", "cell", "login", "state"],
        sa.select(sa.func.gen_random_uuid(), name, name, schema, *same),
    )
