"""`./kezhi bench reads [PART ...]`: measure all parts or some, write the results, judge the targets.

`--quick` does it in small and judges nothing: it shows that the benchmark itself works.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from bench.reads import memory, overhead, schemas, throughput, turns
from bench.reads.options import FULL, QUICK, Options, Plan
from bench.reads.results import page_of, sections_of
from bench.verdicts import conclude, page_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.reads.results import Section

PARTS: Mapping[str, Callable[[Options], Section]] = {
    "throughput": throughput.measure,
    "overhead": overhead.measure,
    "schema": schemas.measure,
    "memory": memory.measure,
    "tenants": turns.measure,
}


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench reads", description="reads beside the limit and the peers")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all without it")
    parser.add_argument("--quick", action="store_true", help="small and short, without judging")
    parser.add_argument("--without-peers", action="store_true", help="only the limit and Kezhi")
    parser.add_argument("--rounds", type=int, default=FULL.rounds)
    parser.add_argument("--seconds", type=float, default=FULL.seconds, help="of each round")
    given = parser.parse_args()
    unknown = sorted(set(given.parts) - PARTS.keys())
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are: {', '.join(PARTS)}")
    plan = QUICK if given.quick else Plan(given.seconds, given.rounds, FULL.warm_seconds)
    options = Options(plan, given.quick, not given.without_peers, os.getloadavg()[0])
    found = [PARTS[name](options) for name in given.parts or PARTS]
    before = page_path("reads")
    kept = {} if options.is_quick or not before.exists() else sections_of(before.read_text())
    page = page_of(kept | {each.name: str(each) for each in found}, list(PARTS))
    results = [result for each in found for result in each.results]
    return conclude("reads", page, results, is_quick=options.is_quick)


if __name__ == "__main__":
    sys.exit(main())
