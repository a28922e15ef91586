"""`./kezhi bench [NAME]`: run a benchmark of `bench/`, or list them. Each prints its tables and judges its own targets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cli.processes import StartFailed

if TYPE_CHECKING:
    import argparse

ROOT = Path(__file__).resolve().parent.parent


class _Options(Protocol):
    name: str | None
    parts: list[str]
    quick: bool


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `bench`."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one; without it they are listed")
    parser.add_argument("parts", nargs="*", metavar="PART", help="only these parts of one that has parts")
    parser.add_argument("--quick", action="store_true", help="a short run that checks the benchmark, without judging")


def run(options: _Options) -> int:
    """Answer the benchmark's own status: 0 only if no target is short."""
    if options.name is None:
        print("\n".join(names()) or "There are no benchmarks yet.")
        return 0
    if options.name not in names():
        raise StartFailed(f"There is no benchmark {options.name}; there are: {', '.join(names()) or 'none'}.")
    flags = ["--quick"] if options.quick else []
    command = [sys.executable, "-m", f"bench.{options.name}", *options.parts, *flags]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - a module of ours


def names() -> list[str]:
    """What can be run by name: the modules of `bench/`, and its packages that have a `__main__`."""
    packages = (path.parent.name for path in (ROOT / "bench").glob("*/__main__.py"))
    return sorted([*packages, *(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))])
