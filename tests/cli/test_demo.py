"""The demo tenant is made step by step, and what an interrupted start left out is done by the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from cli import demo
from schema.tables.jobs import job
from schema.tables.permissions import user
from services import packs
from tenants import provisioning
from tenants.claims import NewTenant
from tests.builders.callers import Caller
from tests.builders.identity import signed_in

if TYPE_CHECKING:
    from tenants.installation import Installation

PASSWORD = "correct horse battery"


async def caller(installation: Installation, slug: str) -> Caller:
    placement = await installation.catalog.placement_by_slug(slug)
    assert placement is not None, slug
    return Caller(installation.transactions, placement)


async def count(system: Caller, table: sa.Table) -> object:
    return await system.scalar(sa.select(sa.func.count()).select_from(table))


async def test_demo_is_made_once_and_its_sign_ins_work(installation: Installation) -> None:
    for _ in range(2):
        await demo.prepare(installation.settings, slug="demo-once", password=PASSWORD)

    system = await caller(installation, "demo-once")
    opened = [await signed_in(system, email=email, password=PASSWORD) for email in demo.SIGN_INS]
    assert (
        tuple(
            f"{account}@demo.example"
            for account in ("admin", "director", "manager.east", "sales1", "sales2", "service", "finance")
        )
        == demo.SIGN_INS
    )
    assert len({each.user_id for each in opened}) == 7
    assert (await count(system, user), await count(system, job)) == (12, 1)


async def test_interrupted_start_is_finished_by_the_next_one(installation: Installation) -> None:
    pack = packs.load("crm")
    await provisioning.provision(
        installation.settings,
        NewTenant(slug="demo-halfway", name="客制示例公司"),
        lambda place: packs.render(pack, place.schema),
    )

    await demo.prepare(installation.settings, slug="demo-halfway", password=PASSWORD)

    system = await caller(installation, "demo-halfway")
    assert (await count(system, user), await count(system, job)) == (12, 1)
