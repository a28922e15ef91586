"""What a run is told as, and what it is judged by."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.forms.crowding import WRITERS
from bench.forms.publishing import CHANGES
from bench.forms.rolling import HEADS, LINES, PLAIN, SUMMED
from bench.forms.wide import FEW, MANY
from bench.reads.results import table
from bench.verdicts import Result
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.forms.crowding import Anew, Crowd
    from bench.forms.growing import Grown
    from bench.forms.rolling import Cost
    from bench.forms.wide import Page

_VISIBLE_MS, _BLOCKED_MS, _WIDER = 100.0, 50.0, 1.3
_MORE_MS, _PUBLISHED_S = 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found."""

    records: int
    grown: Grown
    pages: Sequence[Page]
    # Processes that wanted to run when it began.
    busy: float
    costs: Sequence[Cost]
    crowd: Crowd
    anew: Anew
    # Seconds until a change set was committed.
    published: Sequence[float]


def judged_table(grown: Grown) -> list[Result]:
    """New fields, and writes beside a rule that is being built."""
    return [
        Result("ms until a new field is there, empty, p50", _part(grown.empty, 0.5), _VISIBLE_MS, is_ceiling=True),
        Result(
            "ms until a new field is there, with a default, p50", _part(grown.filled, 0.5), _VISIBLE_MS, is_ceiling=True
        ),
        Result(
            "ms of a write while a unique rule is built, p99", _part(grown.during, 0.99), _BLOCKED_MS, is_ceiling=True
        ),
        Result(
            "ms of a write of the field itself meanwhile, p99",
            _part(grown.during_of_it, 0.99),
            _BLOCKED_MS,
            is_ceiling=True,
        ),
    ]


def judged(run: Run) -> list[Result]:
    """The long table, the wide object's page, roll-ups and publications."""
    few, many = (next(each for each in run.pages if each.fields == fields) for fields in (FEW, MANY))
    return [
        *judged_table(run.grown),
        Result(
            f"a page of {MANY} fields over one of {FEW}, until the answer",
            _part(many.took, 0.5) / _part(few.took, 0.5),
            _WIDER,
            is_ceiling=True,
        ),
        *(
            Result(
                f"ms more until a line is {deed} with {SUMMED}, p50", _more(run.costs, deed), _MORE_MS, is_ceiling=True
            )
            for deed in dict.fromkeys(each.deed for each in run.costs)
        ),
        Result(f"heads that are wrong after {WRITERS} writers over one", run.crowd.wrong, 0, is_ceiling=True),
        Result("heads that are wrong after they were computed anew", run.anew.wrong, 0, is_ceiling=True),
        Result(
            f"s until {CHANGES} changes are published, p50", _part(run.published, 0.5), _PUBLISHED_S, is_ceiling=True
        ),
    ]


def table_report(records: int, grown: Grown) -> str:
    """The section of the long table."""
    timed = [
        (name, f"{_part(taken, 0.5):.1f}", f"{_part(taken, 0.99):.1f}", f"{max(taken):.1f}")
        for name, taken in (
            ("a new field, read", grown.empty),
            ("a new field with a default for every record, read", grown.filled),
            ("a write of one record before the unique rule", grown.before),
            ("the same while the rule is built", grown.during),
            ("a write of the field itself before", grown.before_of_it),
            ("the same while its rule is built", grown.during_of_it),
        )
    ]
    return f"""## A table of {records:,} records that changes

One process, embedded PostgreSQL with fsync on the same machine. The unique rule took {grown.built:.1f} s to be there; one record after another
was written meanwhile, by the same process.

{table(("", "p50 ms", "p99 ms", "slowest ms"), timed)}"""


def report(run: Run) -> str:
    """The whole page."""
    costs = [
        (
            each.deed,
            each.form,
            *(f"{_part(values, 0.5):.2f}" for values in (each.took, each.worked, each.database)),
            *(f"{min(values):.2f}" for values in (each.took, each.worked, each.database)),
        )
        for each in run.costs
    ]
    crowd, anew = run.crowd, run.anew
    beside = [
        (name, f"{_part(taken, 0.5):.1f}", f"{_part(taken, 0.99):.1f}", f"{max(taken):.1f}")
        for name, taken in (("before", anew.before), ("during", anew.during))
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

{table_report(run.records, run.grown)}

## Pages of 50, 25 fields shown

{table(("fields of the object", "PostgreSQL's processor p50 ms", "until the answer p50 ms", "p95 ms"), pages)}

## A line whose head keeps something of it

{LINES} lines of each of {HEADS} heads; one line changed, one made and deleted again, and all of a head changed at once, for each form in turn.
Milliseconds until it was committed, of this process's processor and of PostgreSQL's.

{table(("", "the head keeps", "until p50", "processor p50", "PostgreSQL's p50", "until least", "processor least", "PostgreSQL's least"), costs)}

{WRITERS} writers made, changed and deleted lines of one head for {crowd.seconds:.0f} s, half of it without the formula: {len(crowd.took):,} writes were committed, p50 {_part(crowd.took, 0.5):.0f} ms, p99
{_part(crowd.took, 0.99):.0f} ms, {crowd.refused} were told to try again, and {crowd.wrong} heads were wrong in the end.

## {anew.records:,} heads computed anew by a job

A sum and a formula over it, {anew.seconds:.1f} s, and the job told {anew.progress:,} steps; {anew.wrong} heads were wrong in the end. Lines were written beside it, one after the other:

{table(("a write of one line", "p50 ms", "p99 ms", "slowest ms"), beside)}

## {CHANGES} changes published as one

p50 {_part(run.published, 0.5):.2f} s, slowest {max(run.published):.2f} s.

## Targets

| | measure | value | target |
|---|---|---|---|
{results}
"""


def _more(costs: Sequence[Cost], deed: str) -> float:
    """What the sum adds to the same deed without it."""
    by_form = {each.form: _part(each.took, 0.5) for each in costs if each.deed == deed}
    return by_form[SUMMED] - by_form[PLAIN]


def _part(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
