"""What a run is told as, and what it is judged by."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.forms.wide import FEW, MANY
from bench.reads.results import table
from bench.verdicts import Result
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.forms.growing import Grown
    from bench.forms.wide import Page

_VISIBLE_MS, _BLOCKED_MS, _WIDER = 100.0, 50.0, 1.3


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found."""

    records: int
    grown: Grown
    pages: Sequence[Page]
    # Processes that wanted to run when it began.
    busy: float


def judged(run: Run) -> list[Result]:
    """New fields, writes beside a rule that is being built, and the wide object's page."""
    few, many = (next(each for each in run.pages if each.fields == fields) for fields in (FEW, MANY))
    grown = run.grown
    return [
        Result("ms until a new field is there, empty, p50", _part(grown.empty, 0.5), _VISIBLE_MS, is_ceiling=True),
        Result(
            "ms until a new field is there, with a default, p50", _part(grown.filled, 0.5), _VISIBLE_MS, is_ceiling=True
        ),
        Result(
            "ms of a write while a unique rule is built, p99", _part(grown.during, 0.99), _BLOCKED_MS, is_ceiling=True
        ),
        Result(
            f"a page of {MANY} fields over one of {FEW}, until the answer",
            _part(many.took, 0.5) / _part(few.took, 0.5),
            _WIDER,
            is_ceiling=True,
        ),
    ]


def report(run: Run) -> str:
    """The whole page."""
    timed = [
        (name, f"{_part(taken, 0.5):.1f}", f"{_part(taken, 0.99):.1f}", f"{max(taken):.1f}")
        for name, taken in (
            ("a new field, committed", run.grown.empty),
            ("a new field with a default for every record, committed", run.grown.filled),
            ("a write of one record before the unique rule", run.grown.before),
            ("the same while the rule is built", run.grown.during),
        )
    ]
    pages = [
        (
            str(each.fields),
            f"{_part(each.worked, 0.5):.2f}",
            f"{_part(each.took, 0.5):.2f}",
            f"{_part(each.took, 0.95):.2f}",
        )
        for each in run.pages
    ]
    results = "\n".join(each.row for each in judged(run))
    return f"""# Forms

{utc_now():%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores, load {run.busy:.1f} when the run began.

## A table of {run.records:,} records that changes

One process, embedded PostgreSQL with fsync on the same machine. The unique rule took {run.grown.built:.1f} s to be there; one record after another
was written meanwhile, by the same process.

{table(("", "p50 ms", "p99 ms", "slowest ms"), timed)}

## Pages of 50, 25 fields shown

{table(("fields of the object", "PostgreSQL's processor p50 ms", "until the answer p50 ms", "p95 ms"), pages)}

## Targets

| | measure | value | target |
|---|---|---|---|
{results}
"""


def _part(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
