"""A fresh installation on servers of its own: where one part of the benchmark is played, and nothing is left of it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.environment import environ_of
from bench.reads import processor
from cli import servers as embedded
from tenants.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cli.processes import Child
    from cli.servers import Servers

_POSTGRES = {"max_parallel_workers_per_gather": "0"}
_FULL, _QUICK = {"shared_buffers": "1GB"}, {"shared_buffers": "64MB"}
# A tenant's relations are many, and one transaction makes them all.
_MANY_TABLES = {"max_locks_per_transaction": "512"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The servers, and what a process of the product is told of them."""

    folder: Path
    servers: Servers
    environ: Mapping[str, str]
    settings: Settings
    # Those that are measured run on the one, PostgreSQL and the load on the other; none where there is only one.
    core: int | None
    other_core: int | None

    @property
    def postgres(self) -> Child:
        """The database server."""
        return self.servers.children[0]


@contextmanager
def staged(*, is_quick: bool) -> Iterator[Stage]:
    """Both servers started, empty, as long as the block runs."""
    core, other_core = processor.cores()
    settings = _POSTGRES | _MANY_TABLES | (_QUICK if is_quick else _FULL)
    with tempfile.TemporaryDirectory(prefix="kezhi-bench-") as name:
        folder = Path(name)
        # PostgreSQL runs as a user of its own.
        folder.chmod(0o711)
        with embedded.running(folder, durable=False, postgres_settings=settings) as started:
            environ = environ_of(started)
            processor.pin(started.children[0].process.pid, other_core)
            yield Stage(folder, started, environ, Settings.from_environ(environ), core, other_core)
