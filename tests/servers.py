"""The servers of one test worker: an embedded PostgreSQL without fsync and a Valkey, in a folder that goes away.

The folder is in memory where there is room: tenants are thousands of small files, which a disk makes and deletes slowly.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
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
_PREFIX = "kezhi-test-"
_OWNER = "owner"
_DAY = 24 * 60 * 60


@contextlib.contextmanager
def of_one_worker(*, postgres_binaries: Path | None) -> Iterator[Servers]:
    """Start both, stop both."""
    remove_abandoned(MEMORY)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=_fast_folder()) as folder:
        (Path(folder) / _OWNER).write_text(str(os.getpid()))
        # Anyone may enter, so that root can run PostgreSQL as nobody; the data itself stays closed.
        Path(folder).chmod(0o711)
        with servers.running(
            Path(folder), durable=False, postgres_settings=POSTGRES_SETTINGS, postgres_binaries=postgres_binaries
        ) as started:
            yield started


def remove_abandoned(memory: Path) -> None:
    """Folders of runs that were killed: a few of them fill the memory. What somebody lives for stays."""
    for folder in memory.glob(f"{_PREFIX}*"):
        # Another worker may be at it as well, or it may be somebody else's.
        with contextlib.suppress(OSError, OverflowError):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    note = folder / _OWNER
    owner = note.read_text() if note.is_file() else ""
    if not owner.isdecimal():
        # It may just have been made, or by a version that wrote no note.
        return time.time() - folder.stat().st_mtime > _DAY
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return True
    return False


def _fast_folder() -> Path | None:
    """Nothing, for the system's own choice, where memory is short."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_IN_MEMORY else None
