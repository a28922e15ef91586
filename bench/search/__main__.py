"""`./kezhi bench search`: load a million customers, start the API, ask every kind of question, judge the slowest of a hundred.

`--quick` does all of it in small and judges nothing. `--data FOLDER` keeps the loaded server there for the next run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.environment import environ_of
from bench.reads import processor, servers
from bench.reads.servers import Place
from bench.search.asking import measure
from bench.search.load import loaded
from bench.search.questions import kinds
from bench.search.report import Run, judged, report
from bench.verdicts import conclude
from cli import servers as embedded
from tenants.settings import Settings

_CUSTOMERS, _FEW_CUSTOMERS = 1_000_000, 5_000
_QUESTIONS, _FEW_QUESTIONS = 200, 5
_POSTGRES = {"shared_buffers": "2GB", "max_parallel_workers_per_gather": "0"}


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench search", description="search at a million customers")
    parser.add_argument("--quick", action="store_true", help="small and short, without judging")
    parser.add_argument("--data", type=Path, help="a folder that keeps the loaded server")
    options = parser.parse_args()
    run = _measure(options.data, quick=options.quick)
    return conclude("search", report(run), judged(run), is_quick=options.quick)


def _measure(kept: Path | None, *, quick: bool) -> Run:
    server_core, other_core = processor.cores()
    count = _FEW_CUSTOMERS if quick else _CUSTOMERS
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kezhi-bench-")))
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        wanted = _POSTGRES | ({"shared_buffers": "64MB"} if quick else {})
        started = stack.enter_context(embedded.running(folder, durable=False, postgres_settings=wanted))
        environ = environ_of(started)
        found = loaded(Settings.from_environ(environ), count, folder / "loaded.json")
        place = Place(started.database_url, environ, found, folder, server_core)
        postgres = started.children[0].process.pid
        processor.pin(postgres, other_core)
        (server, *_) = stack.enter_context(servers.kezhi(place))
        busy = os.getloadavg()[0]
        asked = kinds(_FEW_QUESTIONS if quick else _QUESTIONS)
        return Run(count, [measure(server, postgres, found, each) for each in asked], busy)


if __name__ == "__main__":
    sys.exit(main())
