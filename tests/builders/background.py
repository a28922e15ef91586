"""The background without its processes: messages put by hand, and jobs run inline where the broker is not the point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import sqlalchemy as sa

from jobs import registry
from jobs.actor import execute
from jobs.heartbeat import Heartbeat
from jobs.relay import Relay
from jobs.sequencer import Sequencer
from tenants.cells import RELAY, lease, outbox, ticks, timer_request, timers, touched

if TYPE_CHECKING:
    import asyncpg

    from jobs.attempts import RowState
    from tenants.cell_sessions import CellSessions
    from tenants.installation import Installation
    from tests.builders.tenants import Tenant

SEQUENCER = "sequencer"


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell of the test installation, seen by the logins of the background."""

    installation: Installation
    name: str

    @property
    def cells(self) -> CellSessions:
        return self.installation.cells

    async def rows(self, statement: sa.Executable) -> list[asyncpg.Record]:
        return await self.cells.rows(self.name, RELAY, statement)

    async def execute(self, statement: sa.Executable) -> int:
        return await self.cells.execute(self.name, RELAY, statement)

    async def put(
        self, tenant: str = "t_nobody", *, message: str = "test.nothing", number: int = 1, **columns: object
    ) -> list[UUID]:
        """Messages of a tenant, as the relay finds them."""
        ids = [uuid4() for _ in range(number)]
        row = {"tenant": tenant, "message": message, "payload": {}, **columns}
        await self.execute(sa.insert(outbox).values([{"id": each, **row} for each in ids]))
        return ids

    async def message(self, message_id: UUID) -> asyncpg.Record:
        (row,) = await self.rows(sa.select(outbox).where(outbox.c.id == message_id))
        return row

    async def states(self, ids: Sequence[UUID] | None = None) -> list[str]:
        """States of messages, of all or of some, sorted."""
        query = sa.select(outbox.c.state).order_by(outbox.c.state)
        if ids is not None:
            query = query.where(outbox.c.id.in_(ids))
        return [row["state"] for row in await self.rows(query)]

    async def let_leases_end(self) -> None:
        """As if time had passed and nobody had said that it is alive."""
        past = sa.func.now() - sa.literal("1 hour").cast(sa.Interval)
        await self.execute(sa.update(outbox).where(outbox.c.lease_until.is_not(None)).values(lease_until=past))
        await self.execute(sa.update(lease).values(until=past))

    async def drain(self) -> list[RowState | None]:
        """Claim and run until nothing is left that may run now."""
        registry.actors()
        relay, heartbeat = Relay(self.cells, cell=self.name, holder=uuid4()), Heartbeat(self.cells)
        ended: list[RowState | None] = []
        while claimed := await relay.claim():
            ended += [
                await execute(self.installation, heartbeat, cell=self.name, message_id=each.id) for each in claimed
            ]
        return ended

    async def clear(self) -> None:
        """What other tests left waiting is gone."""
        for table in (outbox, timer_request, timers, ticks, lease):
            await self.execute(sa.delete(table))
        await self.cells.execute(self.name, SEQUENCER, sa.delete(touched))


async def link_entries(tenant: Tenant) -> None:
    """Every audit entry of the cell gets its number, whoever led before."""
    cell = Cell(tenant.installation, tenant.placement.cell)
    await cell.let_leases_end()
    sequencer = Sequencer(cell.cells, tenant.installation.catalog, cell.name, uuid4())
    while await sequencer.sequence() or sequencer.is_behind:
        pass
    await sequencer.resign()
