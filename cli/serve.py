"""`./kezhi serve api|worker|scheduler`: become one process of an installation; settings come from the environment.

What `./kezhi up`, the container image and the chart start is the same.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import argparse

PROCESSES = ("api", "worker", "scheduler")


class _Options(Protocol):
    process: str
    threads: int


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `serve`."""
    parser.add_argument("process", choices=PROCESSES)
    parser.add_argument("--threads", type=int, default=4, help="messages that a worker runs at once")


def run(options: _Options) -> int:
    """Does not come back."""
    os.execv(sys.executable, [sys.executable, *program(options.process, options.threads)])  # noqa: S606


def program(process: str, threads: int = 4) -> tuple[str, ...]:
    """The arguments after `python`."""
    match process:
        case "api":
            return ("-m", "app")
        case "worker":
            return ("-m", "jobs", "worker", "--threads", str(threads))
        case _:
            return ("-m", "jobs", "scheduler")
