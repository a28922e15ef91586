"""`./kezhi test`: lint, format, types, then every test in parallel on embedded servers; or only a part of the tests."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import argparse

ROOT = Path(__file__).resolve().parent.parent
# On two cores a third fills the time in which the others wait for processes: 1.8 cores at work instead of 1.5.
WORKERS = "3"


class _Options(Protocol):
    path: list[str]


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `test`."""
    parser.add_argument("path", nargs="*", metavar="PATH", help="run only these tests, without lint and types")


def run(options: _Options) -> int:
    """Answer the status of the first check that fails."""
    if options.path:
        chosen = [_from_caller(path) for path in options.path]
        # One file is faster in one process, with one set of servers.
        workers = WORKERS if any(Path(path).is_dir() for path in chosen) else "0"
        return _step("tests", ["pytest", "-n", workers, *chosen])
    for title, command in _all_checks():
        status = _step(title, command)
        if status != 0:
            return status
    print("\nRan on the embedded PostgreSQL only; .ci/run repeats the integration part on PostgreSQL 15.")
    return 0


def _all_checks() -> tuple[tuple[str, list[str]], ...]:
    return (
        ("lint", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy", "."]),
        ("tests", ["pytest", "-n", WORKERS, "-p", "tests.coverage", "--coverage"]),
    )


def _step(title: str, command: list[str]) -> int:
    print(f"== {title}", flush=True)
    started = time.monotonic()
    finished = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False)  # noqa: S603 - our own tools
    print(f"== {title}: {'ok' if finished.returncode == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s")
    return finished.returncode


def _from_caller(path: str) -> str:
    """Paths are the caller's; a node id keeps what follows `::`."""
    name, *rest = path.split("::")
    return "::".join([str(Path(name).resolve()), *rest]) if Path(name).exists() else path
