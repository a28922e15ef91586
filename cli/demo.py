"""The demo tenant of `./kezhi up`: the CRM pack, twelve people, the first hundred customers; a job brings the rest.

Every step looks whether it was done, so that a start that was interrupted is finished by the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from cli.opening import opened
from schema.tables.permissions import user
from services import capabilities as _capabilities  # noqa: F401 - registers verbs and reactions
from services import demo, packs
from services.demo import PEOPLE
from tenants import provisioning
from tenants.claims import NewTenant
from tenants.context import SYSTEM, Origin

if TYPE_CHECKING:
    from tenants.context import DefinitionWork, Work
    from tenants.settings import Settings

SIGN_INS = tuple(
    person.email
    for person in PEOPLE
    if person.account in {"admin", "director", "manager.east", "sales1", "sales2", "service", "finance"}
)
_NAME = "客制示例公司"
_ORIGIN = Origin(request_id="demo")


async def prepare(settings: Settings, *, slug: str, password: str) -> None:
    """Make the tenant, its people and its first customers, as far as they are not there yet."""
    pack = packs.load("crm")
    new = NewTenant(slug=slug, name=_NAME)
    placement = await provisioning.provision(settings, new, lambda place: packs.render(pack, place.schema))

    async def take_on(work: DefinitionWork) -> None:
        if await work.session.scalar(sa.select(sa.func.count()).select_from(user)) == 0:
            await demo.staff(work, password)

    async def begin(work: Work) -> None:
        if not await demo.has_begun(work):
            await demo.begin(work)

    async with opened(settings) as installation:
        await installation.transactions.define(placement, SYSTEM, _ORIGIN, take_on)
        await installation.transactions.write(placement, SYSTEM, _ORIGIN, begin)
