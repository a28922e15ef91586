"""The embedded servers together: PostgreSQL and Valkey under one folder, started and stopped in order.

`./kezhi up` and the tests use the same launcher. A real server named by DATABASE_URL or BROKER_URL replaces one.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli import postgres, valkey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.processes import Child


_POSTGRES = "postgres"
_VALKEY = "valkey"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the database (as its administrator) and the broker are; `children` are those that we started."""

    database_url: str
    broker_url: str
    children: tuple[Child, ...]


@contextlib.contextmanager
def running(
    folder: Path,
    *,
    database_url: str = "",
    broker_url: str = "",
    durable: bool = True,
    postgres_settings: dict[str, str] | None = None,
    postgres_binaries: Path | None = None,
) -> Iterator[Servers]:
    """Both servers as long as the block runs; a URL that is given is used as it is."""
    with contextlib.ExitStack() as stack:
        children = []
        if not database_url:
            server = postgres.start(
                folder / _POSTGRES, durable=durable, settings=postgres_settings, binaries=postgres_binaries
            )
            stack.callback(server.stop)
            children.append(server.child)
            database_url = server.url
        if not broker_url:
            broker = valkey.start(folder / _VALKEY, durable=durable)
            stack.callback(broker.stop)
            children.append(broker.child)
            broker_url = broker.url
        yield Servers(database_url, broker_url, tuple(children))


def wait_until_free(folder: Path) -> None:
    """Until the servers of a killed predecessor have ended; StartFailed if they do not."""
    postgres.wait_until_free(folder / _POSTGRES)
    valkey.wait_until_free(folder / _VALKEY)
