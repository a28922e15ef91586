"""Somebody who asks: the units of work of one principal in one tenant, without a door around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from tenants.context import ANONYMOUS, SYSTEM, Origin, Principal, PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import asyncpg
    import sqlalchemy as sa

    from services.identity import OpenSession
    from tenants.context import DefinitionWork, ReadWork, Work
    from tenants.placement import Placement
    from tenants.transactions import Transactions

T = TypeVar("T")

ORIGIN = Origin("test", address="192.0.2.1", agent="pytest")


@dataclass(frozen=True, slots=True)
class Caller:
    """One principal at one address."""

    transactions: Transactions
    placement: Placement
    principal: Principal = SYSTEM
    origin: Origin = ORIGIN

    async def read(self, verb: Callable[[ReadWork], Awaitable[T]], /) -> T:
        return await self.transactions.read(self.placement, self.principal, self.origin, verb)

    async def write(self, verb: Callable[[Work], Awaitable[T]], /) -> T:
        return await self.transactions.write(self.placement, self.principal, self.origin, verb)

    async def define(self, verb: Callable[[DefinitionWork], Awaitable[T]], /) -> T:
        return await self.transactions.define(self.placement, self.principal, self.origin, verb)

    async def rows(self, query: sa.Executable) -> list[asyncpg.Record]:
        """The rows of a Core query."""
        return await self.read(lambda work: work.session.rows(query))

    async def scalar(self, query: sa.Executable) -> object:
        """The first column of its first row."""
        return await self.read(lambda work: work.session.scalar(query))

    def anonymous(self, address: str = "192.0.2.1") -> Caller:
        """Nobody in particular, from somewhere."""
        return replace(self, principal=ANONYMOUS, origin=self.origin._replace(address=address))

    def as_user(self, opened: OpenSession) -> Caller:
        """The user of a session."""
        return replace(self, principal=Principal(PrincipalKind.USER, opened.user_id, opened.id))

    def with_session(self, user_id: UUID, session_id: UUID) -> Caller:
        """A user who claims a session."""
        return replace(self, principal=Principal(PrincipalKind.USER, user_id, session_id))
