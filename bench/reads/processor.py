"""What the kernel says of processor time: nanoseconds that a process and all below it have run; and pinning to cores."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def cores() -> tuple[int | None, int | None]:
    """The core of the servers and that of PostgreSQL and the load; none where there is only one."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (found[0], found[1]) if len(found) > 1 else (None, None)


def pin(process: int, core: int | None) -> None:
    """Let a process run on one core only; what it starts later inherits that."""
    if core is not None:
        for each in _family(process):
            # A short-lived child, as PostgreSQL has them, may be gone by now.
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(each, {core})


def nanoseconds(process: int) -> int:
    """How long a process, its threads and those below it have run."""
    return sum(_of_threads(each) for each in _family(process))


def _of_threads(process: int) -> int:
    total = 0
    for thread in Path(f"/proc/{process}/task").glob("*"):
        with contextlib.suppress(OSError):
            total += int((thread / "schedstat").read_text().split()[0])
    return total


def _family(process: int) -> list[int]:
    found = [process]
    for each in found:
        for thread in Path(f"/proc/{each}/task").glob("*"):
            with contextlib.suppress(OSError):
                found.extend(map(int, (thread / "children").read_text().split()))
    return found
