"""One running installation: everything a process needs of the floor, made once by `app.py`, the jobs and the CLI."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants import administration
from tenants.budgets import Budgets
from tenants.cache import TenantCache
from tenants.catalog import Catalog
from tenants.cell_sessions import CellSessions
from tenants.checked_cells import CheckedCells
from tenants.clamd import Clamd
from tenants.clock import utc_now
from tenants.databases import Databases
from tenants.file_store import FileStore
from tenants.file_tokens import FileKeys
from tenants.hints import Hints
from tenants.keys import AuditKey, MasterKey, TokenKeys
from tenants.reachability import Reachability
from tenants.secret_keys import SecretKeys
from tenants.tracing import Tracing
from tenants.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.clock import Clock
    from tenants.settings import DatabaseSettings, Settings


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
    tracing: Tracing
    files: FileStore
    file_keys: FileKeys
    secrets: SecretKeys

    @property
    def scanner(self) -> Clamd | None:
        """What looks at files that come, where there is one."""
        return Clamd(self.settings.files) if self.settings.files.scanner else None

    @staticmethod
    @asynccontextmanager
    async def open(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Installation]:
        """Connect, check that the cells are hardened, and close all at the end."""
        master = MasterKey(settings.master_key)
        async with AsyncExitStack() as stack:
            catalog = Catalog(administration.catalog_address(settings.database, master), master)
            stack.push_async_callback(catalog.close)
            checked = CheckedCells(catalog, allow_unhardened=settings.database.allow_unhardened)
            databases = _databases(checked, settings.database)
            stack.push_async_callback(databases.close)
            hints = Hints(settings.broker.hint_url)
            stack.push_async_callback(hints.close)
            tracing = Tracing.open(settings.tracing)
            stack.push_async_callback(tracing.close)
            await checked.check_all()
            cache, file_keys, secrets = TenantCache(), FileKeys(master), SecretKeys(catalog, master)
            yield Installation(
                settings=settings,
                clock=clock,
                catalog=catalog,
                databases=databases,
                cells=CellSessions(databases, settings.transactions),
                cache=cache,
                transactions=Transactions(
                    databases,
                    cache,
                    clock=clock,
                    wake=hints.publish,
                    limits=settings.transactions,
                    file_keys=file_keys,
                    secrets=secrets,
                ),
                keys=TokenKeys(catalog, master, clock, remembered=settings.tokens.remembered),
                audit_key=AuditKey(await catalog.audit_key(), master),
                hints=hints,
                budgets=Budgets(settings.budgets),
                reachability=Reachability(catalog.cells, catalog.login_address),
                tracing=tracing,
                files=FileStore(settings.files),
                file_keys=file_keys,
                secrets=secrets,
            )


def _databases(checked: CheckedCells, settings: DatabaseSettings) -> Databases:
    return Databases(
        checked.address,
        connections=settings.connections,
        at_once=settings.at_once,
        lease_seconds=settings.lease_seconds,
        wait_seconds=settings.connection_wait_ms / 1000,
    )
