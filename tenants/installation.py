"""One running installation: everything a process needs of the floor, made once by `app.py`, the jobs and the CLI."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from tenants import administration
from tenants.budgets import Budgets
from tenants.cache import TenantCache
from tenants.catalog import Catalog
from tenants.cell_sessions import CellSessions
from tenants.clock import utc_now
from tenants.connection import close, connect
from tenants.databases import Databases
from tenants.hardening import weaknesses
from tenants.hints import Hints
from tenants.keys import AuditKey, MasterKey, TokenKeys
from tenants.reachability import Reachability
from tenants.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.clock import Clock
    from tenants.settings import Settings

# Without a superuser a hundred things stay open; the sentence names the first, the log all of them.
_TOLD = 5

_log = structlog.get_logger(__name__)


class Unhardened(Exception):
    """A cell does not keep its tenants apart as it should; the text lists what stands open."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The parts, already joined."""

    settings: Settings
    clock: Clock
    catalog: Catalog
    databases: Databases
    cells: CellSessions
    cache: TenantCache
    transactions: Transactions
    keys: TokenKeys
    audit_key: AuditKey
    hints: Hints
    budgets: Budgets
    reachability: Reachability

    @staticmethod
    @asynccontextmanager
    async def open(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Installation]:
        """Connect, check that the cells are hardened, and close all at the end."""
        master = MasterKey(settings.master_key)
        async with AsyncExitStack() as stack:
            catalog = Catalog(administration.catalog_address(settings.database, master), master)
            stack.push_async_callback(catalog.close)
            databases = Databases(
                catalog.login_address,
                connections=settings.database.connections,
                lease_seconds=settings.database.lease_seconds,
            )
            stack.push_async_callback(databases.close)
            hints = Hints(settings.broker.hint_url)
            stack.push_async_callback(hints.close)
            await check_cells(settings, catalog)
            cache = TenantCache()
            yield Installation(
                settings=settings,
                clock=clock,
                catalog=catalog,
                databases=databases,
                cells=CellSessions(databases, settings.transactions),
                cache=cache,
                transactions=Transactions(
                    databases, cache, clock=clock, wake=hints.publish, limits=settings.transactions
                ),
                keys=TokenKeys(catalog, master, clock, remembered=settings.tokens.remembered),
                audit_key=AuditKey(await catalog.audit_key(), master),
                hints=hints,
                budgets=Budgets(settings.budgets),
                reachability=Reachability(catalog.cells, catalog.login_address),
            )


async def check_cells(settings: Settings, catalog: Catalog) -> dict[str, list[str]]:
    """Refuse cells whose template does not hold, unless the operator allows it; then what stands open is answered."""
    allowed: dict[str, list[str]] = {}
    for cell in await catalog.cells():
        connection = await connect(await catalog.login_address(cell, "exporter"))
        try:
            found = await weaknesses(connection, await catalog.login_roles(cell))
        finally:
            await close(connection)
        if found:
            _log.warning("cell.unhardened", cell=cell, open=found)
        if found and not settings.database.allow_unhardened:
            more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
            msg = f"{cell}: {'; '.join(found[:_TOLD])}{more}. Set KEZHI_ALLOW_UNHARDENED=1 to run nevertheless."
            raise Unhardened(msg)
        if found:
            allowed[cell] = found
    return allowed
