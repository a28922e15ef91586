"""`./kezhi bench forms`: what a million records wait for when their form changes, what many fields cost a list, and what
roll-ups cost whoever writes.

`--quick` does it in small and judges nothing; the part `table` measures the million records alone, and keeps nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.forms import crowding, growing, publishing, rolling, wide
from bench.forms.report import Run, judged, judged_table, report, table_report
from bench.inside.stage import staged, started
from bench.verdicts import conclude
from services import capabilities

if TYPE_CHECKING:
    from bench.forms.growing import Grown
    from tenants.settings import Settings

CAPABILITIES = capabilities.CAPABILITIES


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything."""

    records: int
    fields: int
    rounds: int
    heads: int
    seconds: float
    publications: int


_WHOLE = Sizes(records=1_000_000, fields=20, rounds=300, heads=10_000, seconds=30.0, publications=10)
_QUICK = Sizes(records=60_000, fields=2, rounds=5, heads=500, seconds=2.0, publications=1)


async def grow(settings: Settings, sizes: Sizes) -> Grown:
    """What a long table shows, in a tenant that has the standard CRM beside it and nothing else."""
    async with staged(settings) as stage:
        return await growing.measure(stage, settings, sizes.records, sizes.fields)


async def measure(settings: Settings, sizes: Sizes, busy: float, grown: Grown) -> Run:
    """What another tenant shows."""
    async with staged(settings) as stage:
        pages = await wide.measure(stage, sizes.rounds)
        costs = await rolling.measure(stage, sizes.rounds)
        crowd = await crowding.crowd(stage, sizes.seconds)
        anew = await crowding.anew(stage, settings, sizes.heads)
        published = await publishing.measure(stage, sizes.publications)
        return Run(sizes.records, grown, pages, busy, costs, crowd, anew, published)


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench forms", description="what changes of forms in use cost")
    parser.add_argument("--quick", action="store_true", help="small and short, without judging")
    parser.add_argument("part", nargs="?", choices=["table"], help="the table that changes, and nothing else")
    given = parser.parse_args()
    quick = given.quick
    busy, sizes = os.getloadavg()[0], _QUICK if quick else _WHOLE
    # Servers of its own: thousands of fields that the other parts define would be in the way of every new one.
    with started() as settings:
        grown = asyncio.run(grow(settings, sizes))
    if given.part is not None:
        print(table_report(sizes.records, grown))
        print(f"Load {busy:.1f} when the run began.", *judged_table(grown), sep="\n")
        return 0 if quick or all(each.is_ok for each in judged_table(grown)) else 1
    with started() as settings:
        run = asyncio.run(measure(settings, sizes, busy, grown))
    return conclude("forms", report(run), judged(run), is_quick=quick)


if __name__ == "__main__":
    sys.exit(main())
