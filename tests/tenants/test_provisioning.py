"""[G1] New tenants: from one script, once for each key, all or nothing; what a crash leaves is finished or freed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest
import sqlalchemy as sa

from schema.tables.metadata import state, tenant_setting
from tenants import administration, claims, provisioning, statements
from tenants.catalog_tables import TenantState, tenant
from tenants.claims import NewTenant
from tenants.context import Versions
from tenants.history import history
from tenants.provisioning import ClaimLost, Provisioner, Swept
from tests.tenants.bare import Bare

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tenants.connection import Connection
    from tenants.context import ReadWork
    from tenants.installation import Installation
    from tenants.placement import Placement

pytestmark = pytest.mark.integration

NOW = timedelta(seconds=-60)


async def test_tenant_has_its_settings_and_versions(installation: Installation, provisioner: Provisioner) -> None:
    new = NewTenant("settled", "O'Hara 客制\\", zone="Europe/Berlin", language="en", phone_region="DE", currency="EUR")

    async def all_of_it(work: ReadWork) -> tuple[object, ...]:
        settings = await work.session.row(sa.select(tenant_setting))
        version = await work.session.scalar(sa.select(state.c.schema_version))
        return settings and tuple(settings), version, work.versions

    made = Bare(installation, await provisioner.provision(new))

    assert await made.read(all_of_it) == (
        (True, "O'Hara 客制\\", "Europe/Berlin", "en", "DE", "EUR", False),
        history("tenant").head,
        Versions(1, 1),
    )


async def test_script_runs_as_the_owner_in_the_tenants_schema(
    provisioner: Provisioner, administrator: Connection
) -> None:
    def script(placement: Placement) -> Sequence[str]:
        return ["CREATE TABLE x_1 (a int);", f'GRANT SELECT ON x_1 TO "{placement.role}"']

    made = await provisioner.provision(NewTenant("scripted", "Scripted"), script)

    owner = await administrator.fetchval(
        "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = to_regclass($1)", f"{made.schema}.x_1"
    )
    assert owner == made.owner_role


async def test_same_key_answers_the_same_tenant(provisioner: Provisioner) -> None:
    new = NewTenant("twice", "Twice", key="sign-up-1")

    assert await provisioner.provision(new) == await provisioner.provision(new)


async def test_same_key_at_the_same_time_makes_one_tenant(installation: Installation) -> None:
    new = NewTenant("at-once", "At once")

    made = await asyncio.gather(*(provisioning.provision(installation.settings, new) for _ in range(4)))

    assert len(set(made)) == 1


async def test_different_tenants_are_made_side_by_side(installation: Installation) -> None:
    wanted = [NewTenant(f"side-{number}", "Side") for number in range(6)]

    made = await asyncio.gather(*(provisioning.provision(installation.settings, new) for new in wanted))

    assert [placement.slug for placement in made] == [new.slug for new in wanted]
    assert len({placement.schema for placement in made}) == 6


async def test_script_that_fails_leaves_a_claim_and_nothing_else(own: Installation) -> None:
    new = NewTenant("broken", "Broken")
    async with Provisioner.open(own.settings) as provisioner:
        with pytest.raises(asyncpg.PostgresSyntaxError):
            await provisioner.provision(new, lambda _: ["CREATE NONSENSE"])

        assert await own.catalog.placement_by_slug("broken") is None
        assert await provisioner.sweep(NOW) == Swept(finished=0, freed=1)
        assert (await own.catalog.rows(sa.select(tenant.c.id))) == []
        made = await provisioner.provision(new)
    assert await own.catalog.placement_by_slug("broken") == made


async def test_attempt_that_stopped_after_building_is_finished(own: Installation) -> None:
    async with Provisioner.open(own.settings) as provisioner:
        made = await provisioner.provision(NewTenant("stopped", "Stopped"))
        await own.catalog.execute(sa.update(tenant).values(state="claiming"))
        own.catalog.forget()
        before = await own.catalog.placement_by_slug("stopped")

        assert await provisioner.sweep(timedelta(hours=1)) == Swept(finished=0, freed=0)
        assert await provisioner.sweep(NOW) == Swept(finished=1, freed=0)
    assert (before, await own.catalog.placement_by_slug("stopped")) == (None, made)


async def test_asking_again_goes_on_where_it_stopped(own: Installation) -> None:
    new = NewTenant("again", "Again")
    async with Provisioner.open(own.settings) as provisioner:
        made = await provisioner.provision(new)
        await own.catalog.execute(sa.update(tenant).values(state="claiming"))

        assert await provisioner.provision(new) == made
    own.catalog.forget()
    assert await own.catalog.placement_by_slug("again") == made


async def lose(
    own: Installation, slug: str, meanwhile: Callable[[Connection, Placement], Awaitable[object]]
) -> Placement:
    """Provision a tenant whose catalog row is changed by somebody else while it is built: the build is told so."""
    built: list[Placement] = []
    is_building = asyncio.Event()

    def remember(placement: Placement) -> Sequence[str]:
        built.append(placement)
        is_building.set()
        return []

    async with Provisioner.open(own.settings) as provisioner, Provisioner.open(own.settings) as other:
        await provisioner._cell(own.settings.database.first_cell)

        async def provision() -> None:
            await provisioner.provision(NewTenant(slug, slug), remember)

        async def change() -> None:
            await is_building.wait()
            await meanwhile(other._catalog, built[0])

        with pytest.raises(ClaimLost):
            await asyncio.gather(provision(), change())
    return built[0]


async def stands(own: Installation, placement: Placement) -> bool:
    async with administration.connected(
        administration.administrator(own.settings.database, placement.cell)
    ) as connection:
        return bool(await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", placement.schema))


async def test_build_whose_claim_was_freed_is_torn_down(own: Installation, administrator: Connection) -> None:
    lost = await lose(own, "lost", claims.free)

    roles = await administrator.fetchval("SELECT count(*) FROM pg_roles WHERE rolname::text ^@ $1", lost.schema)
    assert (roles, await own.catalog.rows(sa.select(tenant.c.id)), await stands(own, lost)) == (0, [], False)


async def test_a_tenant_that_a_twin_finished_is_not_torn_down(own: Installation) -> None:
    async def finish_and_disable(catalog: Connection, placement: Placement) -> None:
        await claims.activate(catalog, placement, history("tenant").head)
        await catalog.run(statements.bind(sa.update(tenant).values(state=TenantState.DISABLED.value)))

    assert await stands(own, await lose(own, "kept", finish_and_disable))
