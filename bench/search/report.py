"""What a run is told as, and what it is judged by: the ninety-fifth of a hundred questions of each kind."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.verdicts import Result
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.search.asking import Asked, Measured

# Wanted of search: [H11].
_P95_MS = 30.0
_QUIET = 1.0
_SLOWEST = 5


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found."""

    customers: int
    measured: Sequence[Measured]
    # Processes that wanted to run when the questions began.
    busy: float


def judged(run: Run) -> list[Result]:
    """One target for each kind."""
    return [
        Result(f"p95 ms, {each.kind.title}", _part([one.took for one in each.asked], 0.95), _P95_MS, is_ceiling=True)
        for each in run.measured
    ]


def report(run: Run) -> str:
    """The whole page."""
    head = "| question | p50 ms | p95 ms | worst ms | PostgreSQL's processor p50 ms | p95 ms | hits, mean |"
    lines = [head, "|---|---|---|---|---|---|---|", *map(_line, run.measured)]
    worst = sorted((one for each in run.measured for one in each.asked), key=lambda one: one.took)[-_SLOWEST:]
    parts = [
        "# Search",
        _setting(run),
        "\n".join(lines),
        "The slowest questions: " + ", ".join(map(_slow, reversed(worst))) + ".",
        "## Targets\n\n```\n" + "\n".join(map(str, judged(run))) + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _setting(run: Run) -> str:
    quiet = "" if run.busy < _QUIET else " **The machine was not quiet: trust processor time.**"
    return (
        f"{utc_now():%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores, load {run.busy:.1f} "
        f"when the questions began.{quiet} {run.customers:,} customers of the CRM pack; pages of 20, one question at a "
        "time over HTTP, everything on."
    )


def _line(each: Measured) -> str:
    took, worked = [one.took for one in each.asked], [one.worked for one in each.asked]
    numbers = (_part(took, 0.5), _part(took, 0.95), max(took), _part(worked, 0.5), _part(worked, 0.95))
    hits = sum(one.found for one in each.asked) / len(each.asked)
    return f"| {each.kind.title} | {' | '.join(f'{number:.1f}' for number in numbers)} | {hits:.1f} |"


def _slow(one: Asked) -> str:
    return f"`{one.text}` {one.took:.0f} ms"


def _part(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
