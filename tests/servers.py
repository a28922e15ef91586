"""The servers of one test worker: an embedded PostgreSQL without fsync and a Valkey, in a folder that goes away.

The folder is in memory where there is room: tenants are thousands of small files, which a disk makes and deletes slowly.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cli import servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.servers import Servers

# Every statement of a test is written to the server's log only where a test asks for it.
POSTGRES_SETTINGS = {"shared_buffers": "64MB", "max_connections": "150"}
MEMORY = Path("/dev/shm")  # noqa: S108 - made under a random name, and ours alone
# What two workers fill, twice; a container's default of 64 MB is far below it.
ROOM_IN_MEMORY = 8 * 1024**3


@contextlib.contextmanager
def of_one_worker(*, postgres_binaries: Path | None) -> Iterator[Servers]:
    """Start both, stop both."""
    with tempfile.TemporaryDirectory(prefix="kezhi-test-", dir=_fast_folder()) as folder:
        # Anyone may enter, so that root can run PostgreSQL as nobody; the data itself stays closed.
        Path(folder).chmod(0o711)
        with servers.running(
            Path(folder), durable=False, postgres_settings=POSTGRES_SETTINGS, postgres_binaries=postgres_binaries
        ) as started:
            yield started


def _fast_folder() -> Path | None:
    """Nothing, for the system's own choice, where memory is short."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_IN_MEMORY else None
