"""What a run is told as, and what it is judged by."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.access.tenant import ADMIN
from bench.hand_over import moving
from bench.reads.results import table
from bench.verdicts import Result
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.access.changes import Changed
    from bench.access.lists import Listed
    from bench.hand_over.moving import Found

_PAGE_MS, _CHANGE_MS = 1.5, 50.0
_QUIET = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found."""

    customers: int
    lists: Sequence[Listed]
    changed: Changed
    handed_over: Found
    # Processes that wanted to run when it began.
    busy: float


def judged(run: Run) -> list[Result]:
    """Pages of those whose rights are narrowed, the change, and the hand-over as it judges itself."""
    pages = [
        Result(f"database ms of a page, {each.who}, {each.order}", _part(each.worked, 0.5), _PAGE_MS, is_ceiling=True)
        for each in run.lists
        if each.who != ADMIN
    ]
    change = Result(
        "processor ms of the first page after a role changed, p95",
        _part(run.changed.worked, 0.95),
        _CHANGE_MS,
        is_ceiling=True,
    )
    return [*pages, change, *moving.judged(run.handed_over)]


def report(run: Run) -> str:
    """The whole page."""
    quiet = "" if run.busy < _QUIET else " **The machine was not quiet: trust processor time, and ratios.**"
    head = (
        "who",
        "order",
        "records",
        "PostgreSQL's processor, least ms",
        "p50 ms",
        "p95 ms",
        "until the answer p50 ms",
    )
    rows = [
        (
            each.who,
            each.order,
            str(each.records),
            *(
                f"{_part(*one):.2f}"
                for one in ((each.worked, 0), (each.worked, 0.5), (each.worked, 0.95), (each.took, 0.5))
            ),
        )
        for each in run.lists
    ]
    timed = [
        (name, f"{_part(taken, 0.5):.1f}", f"{_part(taken, 0.95):.1f}", f"{max(taken):.1f}")
        for name, taken in (
            ("seven restrictions of a role, committed", run.changed.change),
            ("the first page after that, in another process", run.changed.first),
            ("the same in processor time, of the process and PostgreSQL", run.changed.worked),
            ("the page after that one", run.changed.second),
        )
    ]
    results = "\n".join(each.row for each in judged(run))
    return f"""# Access

{utc_now():%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores, load {run.busy:.1f} when the run began.{quiet}

## Pages of 50

{run.customers:,} customers of 201 owners among 2,003 users, 100 of them shared with the one who is asked about and 50,000 with others; the rule opens every fourth. Database time is the processor time of PostgreSQL for the whole transaction; everything
that is read is in its memory. One page at a time, from a warm process.

{table(head, rows)}

## A role changes

{table(("", "p50 ms", "p95 ms", "slowest ms"), timed)}

## Hand-over

{moving.told(run.handed_over)}

## Targets

| | measure | value | target |
|---|---|---|---|
{results}
"""


def _part(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
