"""A leaver with customers in two regions, what belongs to them, and a background that runs inline."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.jobs import job
from schema.tables.permissions import role, user
from services import hand_over, identity, records
from services.identity.sessions import open_session
from tenants.context import Principal, PrincipalKind
from tests.builders.background import Cell
from tests.builders.records import create_one, somebody_waits, stored

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from services.hand_over import Portion, Rule, Started
    from tenants.context import Work
    from tests.builders.tenants import Tenant

_numbers = itertools.count(1)
PEOPLE = ("sales", "colleague", "manager", "stranger")


@dataclass(frozen=True)
class Office:
    """A tenant whose `sales` is somebody new, who leaves."""

    tenant: Tenant
    cell: Cell
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def leaver(self) -> UUID:
        return self.tenant.user_id("sales")

    async def own(
        self, object_name: str, named: str, *, person: str = "sales", **given: Any
    ) -> UUID:  # as a record has them
        """A record of somebody, kept under a name."""
        made = await create_one(self.tenant, object_name, ownerId=self.tenant.user_id(person), **given)
        self.ids[named] = made
        return made

    async def preview(self, *rules: Rule) -> Sequence[Portion]:
        return await self.tenant.read(lambda work: hand_over.preview(work, self.leaver, rules))

    async def hand_over(self, *rules: Rule, deactivates: bool = False) -> Started:
        """Asked for and done."""
        made = await self.tenant.write(
            lambda work: hand_over.request(work, self.leaver, rules, deactivates=deactivates), person="admin"
        )
        await self.cell.drain()
        return made

    async def reverse(self, made: Started) -> Started:
        again = await self.tenant.write(lambda work: hand_over.reverse(work, made.id), person="admin")
        await self.cell.drain()
        return again

    @asynccontextmanager
    async def lead_given_away(self, *, to: str) -> AsyncIterator[None]:
        """Inside, somebody has given the lead away, and commits when another waits for it."""
        gave = asyncio.Event()

        async def give(work: Work) -> None:
            await records.update(work, "lead", [self.ids["lead"]], {"ownerId": str(self.tenant.user_id(to))})
            gave.set()
            await somebody_waits(self.tenant)

        giving = asyncio.create_task(self.tenant.write(give))
        await gave.wait()
        yield
        await giving

    async def owners(self) -> dict[str, str]:
        """Whose every record is now."""
        people = {self.tenant.user_id(each): each for each in PEOPLE}
        found = {}
        for named, record_id in self.ids.items():
            record = await stored(self.tenant, named.split()[0], record_id)
            found[named] = people[record["owner_id"]]
        return found

    async def row(self, table: sa.Table, row_id: UUID) -> asyncpg.Record:
        (found,) = await self.tenant.read(lambda work: work.session.rows(sa.select(table).where(table.c.id == row_id)))
        return found

    async def progress(self, made: Started) -> tuple[str, int, int]:
        row = await self.row(job, made.job_id)
        return row["state"], row["progress"], row["total"]

    async def state_of_leaver(self) -> str:
        row = await self.row(user, self.leaver)
        return str(row["state"])


@pytest.fixture
async def office(company: Tenant) -> Office:
    return await _opened(company)


@pytest.fixture
async def own_office(tenant: Tenant) -> Office:
    """For a test that locks the administrator out."""
    return await _opened(tenant)


async def _opened(tenant: Tenant) -> Office:
    cell, number = Cell(tenant.installation, tenant.placement.cell), next(_numbers)
    await cell.clear()
    newcomer = await tenant.define(lambda work: _hire(work, tenant, f"leaver{number}@tenant.example"))
    made = Office(replace(tenant, principals={**tenant.principals, "sales": newcomer}), cell)
    east = await made.own("customer", "customer east", name=f"远景 {number}", region="east")
    west = await made.own("customer", "customer west", name=f"长河 {number}", region="west")
    await made.own("contact", "contact east", name="王", customerId=east)
    await made.own("opportunity", "opportunity west", name="采购", customerId=west)
    await made.own("lead", "lead", name="李", company="云图")
    return made


async def _hire(work: Work, tenant: Tenant, email: str) -> Principal:
    """One more like `sales`."""
    role_id = await work.session.scalar(sa.select(role.c.id).where(role.c.name == "sales"))
    east = await work.session.scalar(sa.select(user.c.department_id).where(user.c.id == tenant.user_id("sales")))
    given = {"email": email, "name": "leaver", "departmentId": east}
    user_id = await identity.create_user(work, given, role_ids=[role_id])
    opened = await open_session(work, tenant.installation.settings.tokens, user_id=user_id, zone=None)
    return Principal(PrincipalKind.USER, user_id, opened.id)
