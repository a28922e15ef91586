"""The embedded servers together: PostgreSQL and Valkey under one folder, started and stopped in order.

`./kezhi up` and the tests use the same launcher. A real server named by DATABASE_URL or BROKER_URL replaces one.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cli import postgres, valkey
from cli.processes import StartFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.processes import Child


_POSTGRES = "postgres"
_VALKEY = "valkey"
_PORTS = {"postgresql": 5432, "postgres": 5432, "redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}
_EXAMPLES = {"DATABASE_URL": "postgresql://user:password@host:5432/postgres", "BROKER_URL": "redis://host:6379/0"}


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
    """Both servers as long as the block runs; a URL that is given is used as it is, if something answers there."""
    for variable, url in (("DATABASE_URL", database_url), ("BROKER_URL", broker_url)):
        if url:
            _require_answer(variable, url)
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


def _require_answer(variable: str, url: str) -> None:
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    if parts.hostname is None or port is None:
        raise StartFailed(f"{variable} is not an address like {_EXAMPLES[variable]}.")
    try:
        socket.create_connection((parts.hostname, port), timeout=5).close()
    except OSError:
        raise StartFailed(f"Nothing answers at {parts.hostname}:{port}, the address of {variable}.") from None
