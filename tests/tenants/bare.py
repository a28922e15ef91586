"""A tenant without a pack, for the floor's own tests: its units of work run as the system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa

from schema.tables.identity import session as session_table
from schema.tables.permissions import user as user_table
from tenants.context import SYSTEM, Origin, Principal, PrincipalKind
from tenants.script_text import fill
from tenants.sql import BoundSql

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from tenants.context import DefinitionWork, ReadWork, Work
    from tenants.installation import Installation
    from tenants.placement import Placement

T = TypeVar("T")

ORIGIN = Origin("test-request")
USER_ID = UUID("01900000-0000-7001-8000-000000000001")


@dataclass(frozen=True, slots=True)
class Bare:
    """The tenant and ways to work in it."""

    installation: Installation
    placement: Placement

    def text(self, template: str) -> str:
        """A statement with the tenant's schema at `@schema@`."""
        return fill(template, {"schema": self.placement.schema})

    def bound(self, template: str, *arguments: object) -> BoundSql:
        """The same, to be executed."""
        return BoundSql(self.text(template), arguments)

    async def read(
        self, verb: Callable[[ReadWork], Awaitable[T]], *, principal: Principal = SYSTEM, deferred: bool = False
    ) -> T:
        transactions = self.installation.transactions
        return await transactions.read(self.placement, principal, ORIGIN, verb, deferred=deferred)

    async def write(self, verb: Callable[[Work], Awaitable[T]], *, principal: Principal = SYSTEM) -> T:
        return await self.installation.transactions.write(self.placement, principal, ORIGIN, verb)

    async def define(self, verb: Callable[[DefinitionWork], Awaitable[T]], *, principal: Principal = SYSTEM) -> T:
        return await self.installation.transactions.define(self.placement, principal, ORIGIN, verb)

    async def sign_in(self, *, expires_at: datetime | None = None, closed_at: datetime | None = None) -> Principal:
        """A new user with a session."""
        user_id, session_id = uuid4(), uuid4()

        async def open_session(work: DefinitionWork) -> None:
            await work.session.execute(
                sa.insert(user_table).values(id=user_id, email=f"{user_id}@b.example", name="A", name_sort="a")
            )
            await work.session.execute(
                sa.insert(session_table).values(
                    id=session_id, user_id=user_id, expires_at=expires_at, closed_at=closed_at
                )
            )

        await self.define(open_session)
        return Principal(PrincipalKind.USER, user_id, session_id)
