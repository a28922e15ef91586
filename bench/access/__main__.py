"""`./kezhi bench access`: pages under rights at 200,000 records, a role that changes, and 50,000 records handed over.

`--quick` does it in small and judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from typing import TYPE_CHECKING

from bench.access import changes, lists
from bench.access.report import Run, judged, report
from bench.access.tenant import open_shop
from bench.hand_over import moving
from bench.inside.stage import started
from bench.verdicts import conclude
from tenants import preparation
from tenants.installation import Installation

if TYPE_CHECKING:
    from bench.access.changes import Changed
    from bench.access.lists import Listed
    from tenants.settings import Settings

_CUSTOMERS, _FEW_CUSTOMERS = 200_000, 2_000
_ROUNDS, _FEW_ROUNDS = 300, 5
_CHANGES, _FEW_CHANGES = 40, 3


async def measure(settings: Settings, customers: int, rounds: int, times: int) -> tuple[list[Listed], Changed]:
    """What one tenant shows."""
    await preparation.prepare(settings)
    async with Installation.open(settings) as installation:
        shop = await open_shop(settings, installation, customers)
        return await lists.measure(shop, rounds), await changes.measure(shop, times)


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench access", description="what rights cost")
    parser.add_argument("--quick", action="store_true", help="small and short, without judging")
    quick = parser.parse_args().quick
    busy = os.getloadavg()[0]
    customers = _FEW_CUSTOMERS if quick else _CUSTOMERS
    sizes = (_FEW_ROUNDS, _FEW_CHANGES) if quick else (_ROUNDS, _CHANGES)
    with started() as settings:
        listed, changed = asyncio.run(measure(settings, customers, *sizes))
    with started() as settings:
        handed_over = asyncio.run(moving.measure(settings, moving.FEW if quick else moving.CUSTOMERS))
    run = Run(customers, listed, changed, handed_over, busy)
    return conclude("access", report(run), judged(run), is_quick=quick)


if __name__ == "__main__":
    sys.exit(main())
