"""Embedded servers, one tenant with the CRM pack and some users, and the processor time that all of it took."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bench.environment import environ_of
from bench.reads import processor
from cli import servers
from services import identity, packs
from tenants import preparation
from tenants.administration import administrator, connected
from tenants.claims import NewTenant
from tenants.context import SYSTEM, Origin
from tenants.installation import Installation
from tenants.provisioning import Provisioner
from tenants.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from tenants.context import DefinitionWork, ReadWork, Work
    from tenants.placement import Placement

T = TypeVar("T")
ORIGIN = Origin("bench")
_POSTGRES = {"shared_buffers": "1GB", "max_parallel_workers_per_gather": "0"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The installation and its tenant; verbs run as the system."""

    installation: Installation
    placement: Placement
    users: tuple[UUID, ...]

    async def read(self, verb: Callable[[ReadWork], Awaitable[T]]) -> T:
        """A transaction that reads."""
        return await self.installation.transactions.read(self.placement, SYSTEM, ORIGIN, verb)

    async def write(self, verb: Callable[[Work], Awaitable[T]]) -> T:
        """A transaction that writes."""
        return await self.installation.transactions.write(self.placement, SYSTEM, ORIGIN, verb)


async def analyzed(stage: Stage) -> None:
    """Statistics of the tables, which autovacuum makes within a minute."""
    address = administrator(stage.installation.settings.database, stage.placement.cell)
    async with connected(address) as connection:
        await connection.control("VACUUM ANALYZE")


@contextmanager
def started() -> Iterator[Settings]:
    """Both servers as long as the block runs. With fsync, as in production."""
    with tempfile.TemporaryDirectory(prefix="kezhi-bench-") as folder:
        Path(folder).chmod(0o711)
        with servers.running(Path(folder), postgres_settings=_POSTGRES) as running:
            yield Settings.from_environ(environ_of(running))


@asynccontextmanager
async def staged(settings: Settings, *users: str) -> AsyncIterator[Stage]:
    """A tenant with the CRM pack."""
    await preparation.prepare(settings)
    async with Installation.open(settings) as installation, Provisioner.open(settings) as provisioner:
        yield await _stage(installation, provisioner, users)


def database_process() -> int:
    """The PostgreSQL that was started here; what it works for a statement is not blurred by what else runs."""
    return next(each for each in processor.family(os.getpid())[1:] if "postgres" in processor.title(each))


def processor_seconds() -> float:
    """Of this process; the database's are not in it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _stage(installation: Installation, provisioner: Provisioner, users: tuple[str, ...]) -> Stage:
    pack = packs.load("crm")
    placement = await provisioner.provision(
        NewTenant(slug="bench", name="bench"), lambda made: packs.render(pack, made.schema)
    )

    async def hire(work: DefinitionWork) -> tuple[UUID, ...]:
        made = [await identity.create_user(work, {"email": f"{each}@bench.example", "name": each}) for each in users]
        return tuple(made)

    return Stage(installation, placement, await installation.transactions.define(placement, SYSTEM, ORIGIN, hire))
