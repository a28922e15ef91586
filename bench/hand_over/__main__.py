"""`./kezhi bench hand_over`: 50,000 records of one user go to two others while somebody reads; `--quick` with few."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from typing import TYPE_CHECKING

from bench.hand_over.moving import CUSTOMERS, FEW, Found, judged, measure, told
from bench.inside.stage import started
from bench.verdicts import Result, conclude

if TYPE_CHECKING:
    from collections.abc import Sequence


def page(found: Found, results: Sequence[Result], busy: float) -> str:
    """What is written down."""
    rows = "\n".join(each.row for each in results)
    return f"""# Hand-over

Load average before the run {busy:.1f}. {told(found)}

| | measure | value | target |
|---|---|---|---|
{rows}
"""


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench hand_over", description="50,000 records to other owners")
    parser.add_argument("--quick", action="store_true", help="few records, without judging")
    options = parser.parse_args()
    busy = os.getloadavg()[0]
    with started() as settings:
        found = asyncio.run(measure(settings, FEW if options.quick else CUSTOMERS))
    results = judged(found)
    return conclude("hand_over", page(found, results, busy), results, is_quick=options.quick)


if __name__ == "__main__":
    sys.exit(main())
