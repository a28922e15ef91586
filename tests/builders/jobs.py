"""Jobs as they stand, and a stage on which somebody else does something just before a deed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

import sqlalchemy as sa

from schema.tables.jobs import job

if TYPE_CHECKING:
    from jobs.actor import Run
    from tenants.context import DefinitionWork, Work
    from tenants.sql import BoundSql
    from tests.builders.tenants import Tenant

T = TypeVar("T")


async def job_row(tenant: Tenant, job_id: UUID | None) -> dict[str, Any]:  # Any: columns of any type
    row = await tenant.read(lambda work: work.session.row(sa.select(job).where(job.c.id == job_id)))
    assert row is not None
    return dict(row)


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A stage that lets others do something before a deed: before `define 1`, the first change of definitions."""

    run: Run
    meanwhile: Mapping[str, Callable[[], Awaitable[object]]]
    done: list[str] = field(default_factory=list)

    def on_behalf_of(self, user_id: UUID | None) -> Self:
        return replace(self, run=self.run.on_behalf_of(user_id))

    async def write(self, verb: Callable[[Work], Awaitable[T]]) -> T:
        await self._interrupt("write")
        return await self.run.write(verb)

    async def define(self, verb: Callable[[DefinitionWork], Awaitable[T]]) -> T:
        await self._interrupt("define")
        return await self.run.define(verb)

    async def outside(self, statement: Callable[[str], BoundSql]) -> None:
        await self._interrupt("outside")
        await self.run.outside(statement)

    async def _interrupt(self, kind: str) -> None:
        self.done.append(kind)
        others = self.meanwhile.get(f"{kind} {self.done.count(kind)}")
        if others is not None:
            await others()
