"""Tenants for tests: made by the product's own provisioning, staffed by the product's own verbs.

`Tenant` speaks the trade: `await tenant.write(verb, role="sales")` runs one unit of work of that person.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from schema.tables.permissions import role as role_table
from services import identity, packs
from services.identity.sessions import open_session
from tenants.claims import NewTenant
from tenants.context import SYSTEM, Origin, Principal, PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from uuid import UUID

    from services.packs import Pack
    from tenants.context import DefinitionWork, ReadWork, Work
    from tenants.installation import Installation
    from tenants.placement import Placement
    from tenants.provisioning import Provisioner

T = TypeVar("T")

# Person → (role, department). The manager manages `east`; the colleague sits there too, the stranger in `west`.
STAFF: Mapping[str, tuple[str, str]] = {
    "admin": ("admin", ""),
    "director": ("director", ""),
    "manager": ("manager", "east"),
    "sales": ("sales", "east"),
    "colleague": ("sales", "east"),
    "stranger": ("sales", "west"),
    "service": ("service", ""),
    "finance": ("finance", ""),
}
ORIGIN = Origin("test-request")

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant with its staff. The principal of nobody in particular is the system."""

    installation: Installation
    placement: Placement
    principals: Mapping[str, Principal]

    def principal(self, person: str = "") -> Principal:
        return self.principals[person] if person else SYSTEM

    def user_id(self, person: str) -> UUID:
        return self.principals[person].id

    async def read(self, verb: Callable[[ReadWork], Awaitable[T]], *, person: str = "", origin: Origin = ORIGIN) -> T:
        return await self.installation.transactions.read(self.placement, self.principal(person), origin, verb)

    async def write(self, verb: Callable[[Work], Awaitable[T]], *, person: str = "", origin: Origin = ORIGIN) -> T:
        return await self.installation.transactions.write(self.placement, self.principal(person), origin, verb)

    async def define(
        self, verb: Callable[[DefinitionWork], Awaitable[T]], *, person: str = "", origin: Origin = ORIGIN
    ) -> T:
        return await self.installation.transactions.define(self.placement, self.principal(person), origin, verb)

    async def token(self, person: str) -> str:
        """A fresh access token, in a session of its own; no password is checked for it."""
        installation = self.installation
        opened = await self.write(
            lambda work: open_session(work, installation.settings.tokens, user_id=self.user_id(person), zone=None)
        )
        issued = await identity.issue(installation.keys, self.placement, installation.settings.tokens, opened)
        return issued.access_token


async def make_tenant(
    installation: Installation,
    provisioner: Provisioner,
    *,
    slug: str = "",
    pack: Pack | None = None,
    staff: Mapping[str, tuple[str, str]] = STAFF,
) -> Tenant:
    """A new tenant with the CRM pack and its staff."""
    chosen = pack or packs.load("crm")
    wanted = slug or f"tenant-{next(_numbers)}"
    placement = await provisioner.provision(
        NewTenant(slug=wanted, name=wanted), lambda made: packs.render(chosen, made.schema)
    )
    bare = Tenant(installation, placement, {})
    return Tenant(installation, placement, await bare.define(lambda work: _hire(work, installation, staff)))


async def _hire(work: Work, installation: Installation, staff: Mapping[str, tuple[str, str]]) -> dict[str, Principal]:
    roles = {row["name"]: row["id"] for row in await work.session.rows(sa.select(role_table.c.name, role_table.c.id))}
    managers = {place: person for person, (role, place) in staff.items() if place and role == "manager"}
    departments = {
        place: await identity.create_department(work, {"name": place})
        for place in sorted({place for _, place in staff.values() if place})
    }
    hired = {}
    for person, (role, place) in staff.items():
        given = {"email": f"{person}@tenant.example", "name": person, "departmentId": departments.get(place)}
        user_id = await identity.create_user(work, given, role_ids=[roles[role]])
        opened = await open_session(work, installation.settings.tokens, user_id=user_id, zone=None)
        hired[person] = Principal(PrincipalKind.USER, user_id, opened.id)
    for place, person in managers.items():
        await identity.update_department(work, departments[place], {"managerId": hired[person].id})
    return hired
