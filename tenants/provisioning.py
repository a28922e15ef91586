"""New tenants. Sign-up is a saga: claim in the catalog, build in the cell in one transaction, mark active.

The idempotency key names the attempt: asked again, it goes on where it stopped and answers the same tenant. What a crash
leaves between the steps is finished or freed by `sweep`. The script of a pack is given by the caller.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from tenants import administration, claims
from tenants.errors import Unavailable
from tenants.history import history
from tenants.keys import MasterKey
from tenants.logins import login_role, tenants_group
from tenants.script_text import fill, literal
from tenants.session import transaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tenants.claims import NewTenant
    from tenants.connection import Connection
    from tenants.placement import Placement
    from tenants.settings import Settings

Script: TypeAlias = "Callable[[Placement], Sequence[str]]"

# Far above what a build may take: each of its statements has a limit of its own.
SWEEP_AFTER = timedelta(minutes=15)

_BUILT = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1"
_LIMITS = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '60s';\n"
_ROLES = """
CREATE ROLE @runtime@ NOLOGIN;
CREATE ROLE @owner@ NOLOGIN;
"""
_SCHEMA = """
CREATE SCHEMA @schema@ AUTHORIZATION @owner@;
SET LOCAL ROLE @owner@;
SET LOCAL search_path = @schema@;
"""
_STATE = "INSERT INTO state (schema_version) VALUES "
_SETTING = "INSERT INTO tenant_setting (name, zone, language, phone_region, currency) VALUES "
# What is left of an attempt whose claim was freed meanwhile.
_TEAR_DOWN = "DROP SCHEMA @schema@ CASCADE; DROP ROLE @runtime@; DROP ROLE @owner@"


class ClaimLost(Unavailable):
    """The sign-up took too long and was given up; try again."""

    code = "SIGN_UP_LOST"
    zh = "开通超时,请重试。"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did with sign-ups that stopped halfway."""

    finished: int
    freed: int


class Provisioner:
    """Makes tenants as the administrator, one at a time; several may work side by side."""

    def __init__(self, settings: Settings, catalog: Connection, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._catalog = catalog
        self._stack = stack
        self._master = MasterKey(settings.master_key)
        self._cells: dict[str, Connection] = {}

    @staticmethod
    @asynccontextmanager
    async def open(settings: Settings) -> AsyncIterator[Provisioner]:
        """Connect to the catalog as the administrator; cells are connected when they are needed."""
        async with AsyncExitStack() as stack:
            address = administration.administrator(settings.database, settings.database.catalog)
            catalog = await stack.enter_async_context(administration.connected(address))
            yield Provisioner(settings, catalog, stack)

    async def provision(self, new: NewTenant, script: Script | None = None) -> Placement:
        """Make a tenant, or answer the one that this key made. The script runs as the owner, in the same transaction."""
        async with transaction(self._catalog):
            claim = await claims.claim(self._catalog, self._master, new)
        if claim.is_built:
            return claim.placement
        cell = await self._cell(claim.placement.cell)
        if not await _is_built(cell, claim.placement):
            await _build(cell, claim.placement, new, script)
        if not await claims.activate(self._catalog, claim.placement, history("tenant").head):
            # A twin may have finished it, and an operator disabled it: then it stands, with what is in it.
            if await claims.is_freed(self._catalog, claim.placement):
                await _tear_down(cell, claim.placement)
            raise ClaimLost
        return claim.placement

    async def sweep(self, older_than: timedelta) -> Swept:
        """Finish sign-ups whose tenant stands, free the others. An age above any build's limits keeps it apart from them."""
        finished = freed = 0
        for placement in await claims.each_stale(self._catalog, older_than):
            if await _is_built(await self._cell(placement.cell), placement):
                finished += await claims.activate(self._catalog, placement, history("tenant").head)
            else:
                freed += await claims.free(self._catalog, placement)
        return Swept(finished, freed)

    async def _cell(self, name: str) -> Connection:
        connection = self._cells.get(name)
        if connection is None:
            address = administration.administrator(self._settings.database, name)
            connection = await self._stack.enter_async_context(administration.connected(address))
            self._cells[name] = connection
        return connection


async def provision(settings: Settings, new: NewTenant, script: Script | None = None) -> Placement:
    """Make one tenant; see `Provisioner` for many."""
    async with Provisioner.open(settings) as provisioner:
        return await provisioner.provision(new, script)


async def _build(cell: Connection, placement: Placement, new: NewTenant, script: Script | None) -> None:
    statements = [] if script is None else [f"{statement.rstrip().rstrip(';')};" for statement in script(placement)]
    text = "\n".join([_foundation(cell, placement, new), *statements, "RESET ROLE;"])
    try:
        async with transaction(cell):
            await cell.control(text)
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        # The same attempt, made twice at once: the other one built it.
        if not await _is_built(cell, placement):
            raise


def _foundation(cell: Connection, placement: Placement, new: NewTenant) -> str:
    names = {
        "schema": placement.schema,
        "runtime": placement.role,
        "owner": placement.owner_role,
        "sequencer": login_role(placement.cell, "sequencer"),
    }
    tables = history("tenant")
    setting = (new.name, new.zone, new.language, new.phone_region, new.currency)
    return "".join((
        _LIMITS,
        fill(_ROLES, names),
        administration.own_membership(cell, placement.owner_role),
        _memberships(cell, placement),
        fill(_SCHEMA, names),
        *(fill(revision.upgrade, names) for revision in tables.revisions),
        f"{_STATE}({literal(tables.head)});\n",
        f"{_SETTING}({', '.join(literal(each) for each in setting)});\n",
    ))


def _memberships(cell: Connection, placement: Placement) -> str:
    group = tenants_group(placement.cell)
    takers = (
        (placement.role, login_role(placement.cell, placement.login)),
        (placement.role, login_role(placement.cell, "exporter")),
        (placement.owner_role, login_role(placement.cell, "definer")),
    )
    return "".join((
        administration.membership(cell, group, placement.role, inherit=True),
        administration.membership(cell, group, placement.owner_role, inherit=True),
        *(administration.membership(cell, role, login, inherit=False) for role, login in takers),
    ))


async def _is_built(cell: Connection, placement: Placement) -> bool:
    return await cell.fetchval(_BUILT, placement.schema) is not None


async def _tear_down(cell: Connection, placement: Placement) -> None:
    names = {"schema": placement.schema, "runtime": placement.role, "owner": placement.owner_role}
    async with transaction(cell):
        await cell.control(fill(_TEAR_DOWN, names))
