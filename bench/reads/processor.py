"""What the kernel says of processes: how long they have run, and all below them; how much memory is theirs; on which core."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def cores() -> tuple[int | None, int | None]:
    """The core of the servers and that of PostgreSQL and the load; none where there is only one."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (found[0], found[1]) if len(found) > 1 else (None, None)


def pin(process: int, core: int | None) -> None:
    """Let a process run on one core only; what it starts later inherits that."""
    if core is not None:
        for each in family(process):
            # A short-lived child, as PostgreSQL has them, may be gone by now.
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(each, {core})


def nanoseconds(process: int) -> int:
    """How long a process, its threads and those below it have run."""
    return sum(by_thread(process).values())


def by_thread(process: int) -> dict[int, int]:
    """The same for each thread, so that one which ends meanwhile takes nothing away from the others."""
    found = {}
    for each in family(process):
        for thread in _threads(each):
            with contextlib.suppress(OSError):
                found[int(thread.name)] = int((thread / "schedstat").read_text().split()[0])
    return found


def between(before: Mapping[int, int], after: Mapping[int, int]) -> int:
    """Nanoseconds that threads have run between two looks, as far as they are still there."""
    return sum(now - before.get(thread, 0) for thread, now in after.items())


def family(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for each in found:
        for thread in _threads(each):
            with contextlib.suppress(OSError):
                found.extend(map(int, (thread / "children").read_text().split()))
    return found


def _threads(process: int) -> list[Path]:
    """None of one that has ended meanwhile, as PostgreSQL's short-lived children do."""
    with contextlib.suppress(OSError):
        return list(Path(f"/proc/{process}/task").glob("*"))
    return []


def memory(process: int) -> float:
    """Megabytes that are its own: what it shares with others, as PostgreSQL's buffers, does not count. Nothing if it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0.0


def title(process: int) -> str:
    """What it calls itself; empty if it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""
