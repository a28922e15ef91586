"""Whether this process reaches the catalog and each cell: what `/readyz` tells, for a second remembered.

A cell that is away is away for every process alike. Whoever still serves other cells is therefore ready: taking all
processes out of rotation for the tenants of one cell would take it from the tenants of all others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
import structlog

from tenants.clock import monotonic
from tenants.connection import DatabaseUnavailable, close, connect
from tenants.errors import Fault

if TYPE_CHECKING:
    from tenants.clock import Monotonic
    from tenants.databases import Addresses

_LOGIN = "exporter"
_REMEMBERED_SECONDS = 1.0
# Catalog and cells one after the other take twice this at most, which is less than a probe waits.
PATIENCE_SECONDS = 1.0

_log = structlog.get_logger(__name__)

Cells: TypeAlias = Callable[[], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What was reached. Without the catalog nobody's cell can be found, so none is named then."""

    catalog: bool
    cells: Mapping[str, bool] = field(default_factory=dict)

    @property
    def serves(self) -> bool:
        """Whether any tenant can be served; an installation without a cell waits for its first."""
        return self.catalog and (not self.cells or any(self.cells.values()))

    @property
    def is_whole(self) -> bool:
        """Whether every tenant can be served."""
        return self.catalog and all(self.cells.values())


class Reachability:
    """Looks at most once a second, however many ask. Its connections are its own: a busy pool is no dead cell."""

    def __init__(
        self, cells: Cells, addresses: Addresses, *, clock: Monotonic = monotonic, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._cells = cells
        self._addresses = addresses
        self._clock = clock
        self._patience = patience
        self._looking = asyncio.Lock()
        self._known: tuple[float, Reach] | None = None

    async def look(self) -> Reach:
        """What is reached now, or was a second ago."""
        async with self._looking:
            if self._known is None or self._known[0] <= self._clock():
                reach = await self._look()
                self._known = self._clock() + _REMEMBERED_SECONDS, reach
            return self._known[1]

    async def _look(self) -> Reach:
        try:
            async with asyncio.timeout(self._patience):
                names = await self._cells()
        except (Fault, OSError) as error:
            _log.warning("catalog.unreachable", exc_info=error)
            return Reach(catalog=False)
        return Reach(
            catalog=True, cells=dict(zip(names, await asyncio.gather(*map(self._answers, names)), strict=True))
        )

    async def _answers(self, cell: str) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                await close(await connect(await self._addresses(cell, _LOGIN)))
        except (Fault, OSError, asyncpg.PostgresError) as error:
            # A server that is full has answered: those who are connected are served.
            if isinstance(error, DatabaseUnavailable) and isinstance(error.__cause__, asyncpg.TooManyConnectionsError):
                return True
            _log.warning("cell.unreachable", cell=cell, exc_info=error)
            return False
        return True
