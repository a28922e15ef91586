"""`./kezhi bench forms`: what a million records wait for when their form changes, and what many fields cost a list.

`--quick` does it in small and judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from typing import TYPE_CHECKING

from bench.forms import growing, wide
from bench.forms.report import Run, judged, report
from bench.inside.stage import staged, started
from bench.verdicts import conclude
from services import capabilities

if TYPE_CHECKING:
    from bench.forms.growing import Grown
    from bench.forms.wide import Page
    from tenants.settings import Settings

CAPABILITIES = capabilities.CAPABILITIES
_RECORDS, _FEW_RECORDS = 1_000_000, 60_000
_FIELDS, _FEW_FIELDS = 20, 2
_ROUNDS, _FEW_ROUNDS = 300, 5


async def measure(settings: Settings, records: int, fields: int, rounds: int) -> tuple[Grown, list[Page]]:
    """What one tenant shows."""
    async with staged(settings) as stage:
        pages = await wide.measure(stage, rounds)
        return await growing.measure(stage, settings, records, fields), pages


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench forms", description="what changes of forms in use cost")
    parser.add_argument("--quick", action="store_true", help="small and short, without judging")
    quick = parser.parse_args().quick
    busy = os.getloadavg()[0]
    records = _FEW_RECORDS if quick else _RECORDS
    sizes = (_FEW_FIELDS, _FEW_ROUNDS) if quick else (_FIELDS, _ROUNDS)
    with started() as settings:
        grown, pages = asyncio.run(measure(settings, records, *sizes))
    run = Run(records, grown, pages, busy)
    return conclude("forms", report(run), judged(run), is_quick=quick)


if __name__ == "__main__":
    sys.exit(main())
