"""The servers of one test worker: an embedded PostgreSQL without fsync and a Valkey, in a folder that goes away."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cli import servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.servers import Servers

# Every statement of a test is written to the server's log only where a test asks for it.
POSTGRES_SETTINGS = {"shared_buffers": "64MB", "max_connections": "150"}


@contextlib.contextmanager
def of_one_worker(*, postgres_binaries: Path | None) -> Iterator[Servers]:
    """Start both, stop both."""
    with tempfile.TemporaryDirectory(prefix="kezhi-test-") as folder:
        # Anyone may enter, so that root can run PostgreSQL as nobody; the data itself stays closed.
        Path(folder).chmod(0o711)
        with servers.running(
            Path(folder), durable=False, postgres_settings=POSTGRES_SETTINGS, postgres_binaries=postgres_binaries
        ) as started:
            yield started
