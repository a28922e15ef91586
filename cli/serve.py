"""`./kezhi serve api|worker|scheduler`: become one process of an installation; settings come from the environment.

What `./kezhi up`, the container image and the chart start is the same.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

from tenants.settings import Settings

if TYPE_CHECKING:
    import argparse

    from tenants.settings import ServerSettings

PROCESSES = ("api", "worker", "scheduler")
THREADS = 4


class _Options(Protocol):
    process: str
    threads: int


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `serve`."""
    parser.add_argument("process", choices=PROCESSES)
    parser.add_argument("--threads", type=int, default=THREADS, help="how many messages a worker runs at once")


def run(options: _Options) -> int:
    """Does not come back."""
    server = Settings.from_environ().server
    os.execv(sys.executable, [sys.executable, *program(options.process, server, threads=options.threads)])  # noqa: S606


def program(process: str, server: ServerSettings, *, threads: int = THREADS) -> tuple[str, ...]:
    """The arguments after `python`."""
    proxies = ",".join(server.trusted_proxies)
    match process:
        case "api":
            return (
                *("-m", "uvicorn", "app:app", "--factory", "--host", server.host, "--port", str(server.port)),
                # Uvicorn would believe any proxy of this machine, and takes its own variable where nothing is said.
                *(("--proxy-headers", "--forwarded-allow-ips", proxies) if proxies else ("--no-proxy-headers",)),
                *("--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "10"),
            )
        case "worker":
            return ("-m", "jobs", "worker", "--threads", str(threads))
        case _:
            return ("-m", "jobs", "scheduler")
