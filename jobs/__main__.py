"""`python -m jobs worker|scheduler`: become one of the processes of the background."""

from __future__ import annotations

import argparse
import asyncio

from jobs import duties, worker
from tenants.settings import Settings


def main() -> None:
    """Until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m jobs", description=__doc__)
    parser.add_argument("process", choices=("worker", "scheduler"))
    parser.add_argument("--threads", type=int, default=4, help="messages that a worker runs at once")
    options = parser.parse_args()
    settings = Settings.from_environ()
    if options.process == "worker":
        worker.run(settings, threads=options.threads)
    else:
        asyncio.run(duties.serve(settings))


if __name__ == "__main__":
    main()
