"""Many tenants in one cell: made by the product's own provisioning, each with an administrator who is signed in.

A tenant with metadata of its own has one field that nobody else has, so it shares nothing that is cached by shape.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bench.reads.data import ORIGIN, Sizes, records
from schema.metadata.fields import Label
from schema.tables.permissions import role
from services import identity, metadata, packs
from services.identity.sessions import open_session
from services.metadata import FieldDraft
from tenants import administration, preparation
from tenants.claims import NewTenant
from tenants.context import SYSTEM
from tenants.installation import Installation
from tenants.provisioning import Provisioner
from tenants.settings import TokenSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.context import DefinitionWork
    from tenants.placement import Placement
    from tenants.settings import Settings

_LONG_LIVED = TokenSettings(access_seconds=24 * 3600)
# As many as there are cores to use; each waits for PostgreSQL most of the time.
_BUILDERS = 2
# A cell of this benchmark holds what would be spread over several: the memory of the API knows no cells.
_ROOM = "UPDATE cell SET capacity = 5000"


@dataclass(frozen=True, slots=True)
class Member:
    """One tenant, and the token of its administrator."""

    placement: Placement
    token: str


async def gather(settings: Settings, *, equal: int, own: int, sizes: Sizes) -> list[Member]:
    """Tenants of equal metadata, then tenants with metadata of their own."""
    await preparation.prepare(settings)
    address = administration.administrator(settings.database, settings.database.catalog)
    async with administration.connected(address) as catalog:
        await catalog.control(_ROOM)
    pack, numbers = packs.load("crm"), iter(range(equal + own))
    made: dict[int, Member] = {}

    async def build(installation: Installation) -> None:
        async with Provisioner.open(settings) as provisioner:
            for number in numbers:
                slug = f"member-{number}"
                placement = await provisioner.provision(
                    NewTenant(slug=slug, name=slug),
                    lambda place: [*packs.render(pack, place.schema), *_filled(place.schema, sizes)],
                )
                made[number] = await _staffed(installation, placement, number if number >= equal else None)

    async with Installation.open(settings) as installation:
        await asyncio.gather(*(build(installation) for _ in range(_BUILDERS)))
    return [made[number] for number in sorted(made)]


async def differ(settings: Settings, members: Sequence[Member]) -> None:
    """Give each of them a field of its own."""
    async with Installation.open(settings) as installation:
        for number, each in enumerate(members):
            await installation.transactions.define(each.placement, SYSTEM, ORIGIN, partial(_own_field, number=number))


async def _staffed(installation: Installation, placement: Placement, number: int | None) -> Member:
    async def verb(work: DefinitionWork) -> identity.OpenSession:
        if number is not None:
            await _own_field(work, number=number)
        admin = await work.session.rows(sa.select(role.c.id).where(role.c.name == "admin"))
        given = {"email": "admin@bench.example", "name": "admin"}
        user_id = await identity.create_user(work, given, role_ids=[admin[0]["id"]])
        return await open_session(work, _LONG_LIVED, user_id=user_id, zone=None)

    session = await installation.transactions.define(placement, SYSTEM, ORIGIN, verb)
    issued = await identity.issue(installation.keys, placement, _LONG_LIVED, session)
    return Member(placement, issued.access_token)


def _filled(schema: str, sizes: Sizes) -> list[str]:
    tables = ("customer", "contact", "opportunity", "activity")
    return [*records(schema, sizes), *(f"ANALYZE {schema}.{table}" for table in tables)]


async def _own_field(work: DefinitionWork, *, number: int) -> None:
    draft = FieldDraft(Label("", f"Of its own {number}"), "text", name=f"ofItsOwn{number}")
    await metadata.add_field(work, "customer", draft)
