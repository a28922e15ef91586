"""The sequencer of one cell: hands out `seq` to committed change rows and audit entries, and links the audit chain.

Tenants take turns, one batch each, and one that cannot be numbered stops no other. One process leads under a lease; every transaction first renews it, which fences off a leader that slept. Nothing on the
write path waits for this, and readers see sequenced rows only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import asyncpg
import structlog

from jobs import leases, marks
from services import sequencing
from services.audit import Head
from tenants.connection import CONNECTION_FAILURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tenants.catalog import Catalog
    from tenants.cell_sessions import CellSessions
    from tenants.placement import Placement
    from tenants.session import Session

LOGIN = "sequencer"
LEASE = "sequencer"
# These say nothing of the one tenant at which they were met.
_OF_THE_CELL = (*CONNECTION_FAILURES, asyncpg.ReadOnlySQLTransactionError)
_log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another process leads now; nothing of this transaction is kept."""


@dataclass(slots=True)
class Sequencer:
    """One candidate for leading one cell. `moved` are the chain heads since they were last taken to be signed."""

    cells: CellSessions
    catalog: Catalog
    cell: str
    holder: UUID
    # How many tenants a new leader looks at in a turn, beside those that have something to number.
    unseen_at_once: int = 50
    _unseen: dict[Placement, None] = field(default_factory=dict)
    # Tenants with more than a batch, and those whose last batch failed: their turn comes again, their marks stay.
    _again: dict[Placement, None] = field(default_factory=dict)
    _failed: set[Placement] = field(default_factory=set)
    _token: int | None = None
    _moved: dict[Placement, Head] = field(default_factory=dict)

    async def sequence(self) -> int:
        """One turn; how many rows got their number. Nothing, while another process leads."""
        took_over, touched = await self._lead()
        if self._token is None:
            return 0
        try:
            return await self._number(took_over=took_over, touched=touched)
        except LeaseLost:
            _log.warning("sequencer.lease_lost", cell=self.cell)
            self._token = None
            return 0

    async def _number(self, *, took_over: bool, touched: Sequence[asyncpg.Record]) -> int:
        if took_over:
            # The heads that were not yet signed stood in the memory of who led before: look at every tenant once.
            self._unseen = dict.fromkeys(await self.catalog.each_active_placement(self.cell))
            self._again, self._failed = {}, set()
        by_tenant = await self._each_touched(touched)
        # Between them, so that who writes now does not wait until thousands of others have been looked at.
        for placement in (*self._again, *islice(self._unseen, self.unseen_at_once)):
            by_tenant.setdefault(placement, [])
        total = 0
        for placement, marked in by_tenant.items():
            try:
                total += await self._across_tenant(placement, marked)
            except _OF_THE_CELL:
                raise
            except asyncpg.PostgresError as failure:
                self._put_off(placement, failure)
            self._unseen.pop(placement, None)
        return total

    @property
    def is_behind(self) -> bool:
        """Whether there are tenants that this leader has not looked at yet, or not to the end."""
        return bool(self._unseen or self._again.keys() - self._failed)

    def take_moved(self) -> dict[Placement, Head]:
        """The heads that moved since this was last asked."""
        moved, self._moved = self._moved, {}
        return moved

    def give_back(self, moved: Mapping[Placement, Head]) -> None:
        """What was taken could not be signed."""
        self._moved = {**moved, **self._moved}

    async def resign(self) -> None:
        """Let another process lead at once."""
        if self._token is not None:
            await self.cells.execute(self.cell, LOGIN, leases.release(LEASE, self.holder))
            self._token = None

    async def _lead(self) -> tuple[bool, Sequence[asyncpg.Record]]:
        async with self.cells.begin(self.cell, LOGIN) as session:
            token = await session.scalar(leases.acquire(LEASE, self.holder))
            touched = await session.rows(marks.oldest(skipping=self._again)) if token is not None else []
        took_over = token is not None and token != self._token
        if took_over:
            _log.info("sequencer.leads", cell=self.cell, token=token)
        self._token = token
        return took_over, touched

    async def _each_touched(self, touched: Sequence[asyncpg.Record]) -> dict[Placement, list[UUID]]:
        """Marks by tenant; both roles of a tenant leave some."""
        found: dict[Placement, list[UUID]] = {}
        for row in touched:
            placement = await self.catalog.placement_by_schema(self.cell, row["tenant"])
            if placement is not None:
                found.setdefault(placement, []).append(row["id"])
        return found

    async def _across_tenant(self, placement: Placement, touched: Sequence[UUID]) -> int:
        """One batch, and after the last the marks that led here: rows committed since then have marks of their own."""
        changes, entries = await self._batch(placement)
        self._failed.discard(placement)
        if max(changes, entries) >= sequencing.AT_ONCE:
            self._again[placement] = None
            return changes + entries
        self._again.pop(placement, None)
        if touched:
            async with self.cells.begin(self.cell, LOGIN) as session:
                await self._fence(session)
                await session.execute(marks.forget(touched))
        return changes + entries

    def _put_off(self, placement: Placement, failure: asyncpg.PostgresError) -> None:
        """Something is wrong with one tenant; its rows wait for their numbers until it is mended."""
        if placement not in self._failed:
            reason = type(failure).__name__
            _log.error("sequencer.tenant_failed", cell=self.cell, tenant=placement.schema, reason=reason)
        self._failed.add(placement)
        self._again[placement] = None

    async def _batch(self, placement: Placement) -> tuple[int, int]:
        async with self.cells.begin(self.cell, LOGIN, schema=placement.schema) as session:
            await self._fence(session)
            changes = await sequencing.number_changes(session)
            entries, head = await sequencing.link_entries(session, placement.tenant_id)
        if head.seq and (entries or placement not in self._moved):
            self._moved[placement] = head
        return changes, entries

    async def _fence(self, session: Session) -> None:
        if self._token is None or not await session.rows(leases.hold(LEASE, self.holder, self._token)):
            raise LeaseLost
