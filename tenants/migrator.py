"""Brings the fixed tables of all tenants to the head of their history: canary first, then in parallel.

Each step of each tenant is one transaction as the owner role, begun by a compare-and-set on `state.schema_version`, so
two runners never do the same step and a run that stopped goes on where it was. Moving data is not done here.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
import sqlalchemy as sa
import structlog

from tenants import administration, statements
from tenants.catalog_tables import placement_of, standing_placements, tenant
from tenants.connection import CONNECTION_FAILURES, DatabaseUnavailable
from tenants.exception_text import describe
from tenants.history import History, UnknownVersion, history
from tenants.logins import login_role
from tenants.script_text import fill
from tenants.session import transaction

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from tenants.connection import Connection
    from tenants.history import Revision
    from tenants.placement import Placement
    from tenants.settings import Settings

    Pause: TypeAlias = Callable[[float], Awaitable[None]]

PARALLEL = 4
# Above this share of failures the run stops: what breaks one tenant in two hundred will break many.
FAILURE_RATE = 0.005
_WAVES = (0.01, 0.1, 1.0)
_LOCK_TRIES = 5
_LOCK_PAUSE_SECONDS = 0.2

_OPENING = """
BEGIN; SET LOCAL ROLE @owner@; SET LOCAL search_path = @schema@;
SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '60s'
"""
_VERSION = "SELECT schema_version FROM @schema@.state"
_TAKE = "UPDATE @schema@.state SET schema_version = $1 WHERE schema_version = $2 RETURNING true"
_RECORD_TABLES = "SELECT table_name FROM @schema@.object_definition ORDER BY table_name"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A tenant that could not be brought to the head, and why."""

    schema: str
    reason: str


@dataclass(slots=True)
class Run:
    """How far a run came. `stopped` means that it gave up because too many failed."""

    moved: int = 0
    current: int = 0
    failures: list[Failure] = field(default_factory=list)
    stopped: bool = False

    @property
    def failed_too_often(self) -> bool:
        """Whether more than the tolerated share of what was tried failed."""
        tried = self.moved + self.current + len(self.failures)
        return len(self.failures) > FAILURE_RATE * tried


class MigrationFailed(Exception):
    """Some tenants are not at the head; the text says how many and why the first one failed."""


async def migrate(
    settings: Settings, *, tables: History | None = None, parallel: int = PARALLEL, pause: Pause = asyncio.sleep
) -> Run:
    """Bring every tenant to the head, disabled ones too. May run at any time, also twice at once."""
    tables = tables or history("tenant")
    run = Run()
    address = administration.administrator(settings.database, settings.database.catalog)
    async with administration.connected(address) as catalog:
        placements = [placement_of(row) for row in await catalog.rows(statements.bind(standing_placements()))]
        for wave in _waves(placements):
            at_head = await _wave(settings, tables, wave, run, parallel=parallel, pause=pause)
            await _note_versions(catalog, tables, at_head)
            if run.failed_too_often:
                run.stopped = True
                break
    if run.moved or run.failures:
        _log.info("migration.run", moved=run.moved, current=run.current, failed=len(run.failures), stopped=run.stopped)
    return run


def require_success(run: Run) -> None:
    """Raise unless every tenant is at the head."""
    if run.failures:
        first = run.failures[0]
        msg = f"{len(run.failures)} tenants could not be migrated; {first.schema}: {first.reason}"
        raise MigrationFailed(msg)


async def _wave(
    settings: Settings, tables: History, wave: Sequence[Placement], run: Run, *, parallel: int, pause: Pause
) -> list[Placement]:
    """The tenants of this wave that are at the head now."""
    waiting, at_head = list(reversed(wave)), []

    async def work() -> None:
        async with AsyncExitStack() as stack:
            cells: dict[str, Connection] = {}
            while waiting and not run.failed_too_often:
                placement = waiting.pop()
                try:
                    connection = await _connection(settings, placement.cell, cells, stack)
                    moved = await _migrate_one(connection, tables, placement, pause)
                except (asyncpg.PostgresError, UnknownVersion, DatabaseUnavailable, *CONNECTION_FAILURES) as error:
                    _log.error("migration.failed", schema=placement.schema, reason=describe(error))
                    run.failures.append(Failure(placement.schema, describe(error)))
                    continue
                at_head.append(placement)
                run.moved += moved
                run.current += not moved

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(parallel, len(wave))):
            workers.create_task(work())
    return at_head


async def _connection(settings: Settings, cell: str, cells: dict[str, Connection], stack: AsyncExitStack) -> Connection:
    known = cells.get(cell)
    if known is None or known.is_closed():
        address = administration.administrator(settings.database, cell)
        known = cells[cell] = await stack.enter_async_context(administration.connected(address))
    return known


async def _migrate_one(connection: Connection, tables: History, placement: Placement, pause: Pause) -> bool:
    names = {"schema": placement.schema}
    steps = tables.after(str(await connection.fetchval(fill(_VERSION, names))))
    for step in steps:
        for attempt in range(_LOCK_TRIES):
            try:
                await _step(connection, step, placement)
                break
            except asyncpg.LockNotAvailableError:
                # Somebody works on the table; new readers queue behind us, so we step back and come again.
                if attempt + 1 == _LOCK_TRIES:
                    raise
                await pause(_LOCK_PAUSE_SECONDS * (attempt + 1) * random.uniform(0.5, 1.5))  # noqa: S311 - not a secret
    return bool(steps)


async def _step(connection: Connection, step: Revision, placement: Placement) -> None:
    names = {
        "schema": placement.schema,
        "owner": placement.owner_role,
        "runtime": placement.role,
        "sequencer": login_role(placement.cell, "sequencer"),
    }
    async with transaction(connection, fill(_OPENING, names)):
        if await connection.fetchval(fill(_TAKE, names), step.id, step.before) is None:
            # Another runner took this step while we came here.
            return
        await connection.control(fill(step.upgrade, names))
        if step.each_record_table:
            for row in await connection.fetch(fill(_RECORD_TABLES, names)):
                await connection.control(fill(step.each_record_table, {**names, "table": row["table_name"]}))


def _waves(placements: Sequence[Placement]) -> Iterator[Sequence[Placement]]:
    done = 0
    for share in _WAVES:
        upto = max(done, -(-len(placements) * round(share * 100) // 100))
        if upto > done:
            yield placements[done:upto]
        done = upto


async def _note_versions(catalog: Connection, tables: History, at_head: Sequence[Placement]) -> None:
    done = [placement.tenant_id for placement in at_head]
    noted = (
        sa
        .update(tenant)
        .where(tenant.c.id == sa.any_(sa.bindparam("done", done, type_=sa.ARRAY(sa.Uuid))))
        .values(schema_version=tables.head)
    )
    await catalog.run(statements.bind(noted))
