"""No connection to a cell is used before the cell was checked: that its template still keeps its tenants apart.

All are checked at the start. One that is away then, or that was made later, is checked before its first connection, so
that a process can start and serve the tenants of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from tenants.connection import DatabaseUnavailable, close, connect
from tenants.hardening import weaknesses

if TYPE_CHECKING:
    from tenants.catalog import Catalog
    from tenants.connection import Address

_LOGIN = "exporter"
# Without a superuser a hundred things stay open; the sentence names the first, the log all of them.
_TOLD = 5

_log = structlog.get_logger(__name__)


class Unhardened(Exception):
    """A cell does not keep its tenants apart as it should; the text lists what stands open."""


class CheckedCells:
    """The addresses of the logins of cells that hold, or that the operator allows as they are."""

    def __init__(self, catalog: Catalog, *, allow_unhardened: bool) -> None:
        self._catalog = catalog
        self._allow_unhardened = allow_unhardened
        self._checked: set[str] = set()

    async def check_all(self) -> None:
        """Refuse a cell that does not hold; leave those that are away for later."""
        for cell in await self._catalog.cells():
            try:
                await self.check(cell)
            except DatabaseUnavailable as failure:
                _log.warning("cell.unreachable", cell=cell, exc_info=failure)

    async def check(self, cell: str) -> list[str]:
        """What stands open; refused unless the operator allows it."""
        connection = await connect(await self._catalog.login_address(cell, _LOGIN))
        try:
            found = await weaknesses(connection, await self._catalog.login_roles(cell))
        finally:
            await close(connection)
        if found:
            _log.warning("cell.unhardened", cell=cell, open=found)
        if found and not self._allow_unhardened:
            more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
            msg = f"{cell}: {'; '.join(found[:_TOLD])}{more}. Set KEZHI_ALLOW_UNHARDENED=1 to run nevertheless."
            raise Unhardened(msg)
        self._checked.add(cell)
        return found

    async def address(self, cell: str, login: str) -> Address:
        """How to connect as a login; asked once for each pool."""
        if cell not in self._checked:
            await self.check(cell)
        return await self._catalog.login_address(cell, login)
