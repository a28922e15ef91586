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
    processes: int
    threads: int


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `serve`."""
    parser.add_argument("process", choices=PROCESSES)
    parser.add_argument("--processes", type=int, default=1, help="processes of the worker")
    parser.add_argument("--threads", type=int, default=4, help="threads of one worker process")


def run(options: _Options) -> int:
    """Does not come back."""
    os.execv(sys.executable, [sys.executable, *program(options.process, options.processes, options.threads)])  # noqa: S606


def program(process: str, processes: int = 1, threads: int = 4) -> tuple[str, ...]:
    """The arguments after `python`."""
    match process:
        case "api":
            return ("-m", "app")
        case "worker":
            return ("-m", "dramatiq", "jobs.worker", "--processes", str(processes), "--threads", str(threads))
        case _:
            return ("-m", "jobs.process")
