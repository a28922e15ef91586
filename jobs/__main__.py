"""`python -m jobs worker|scheduler`: become one of the processes of the background."""

from __future__ import annotations

import argparse
import asyncio
import sys

from jobs import duties, worker
from tenants.garbage import keep_what_is_loaded
from tenants.setting_texts import SettingsError
from tenants.settings import Settings
from tenants.telemetry import configure_logs


def main() -> None:
    """Until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m jobs", description=__doc__)
    parser.add_argument("process", choices=("worker", "scheduler"))
    parser.add_argument("--threads", type=int, default=4, help="messages that a worker runs at once")
    options = parser.parse_args()
    try:
        settings = Settings.from_environ()
    except SettingsError as failure:
        sys.exit(str(failure))
    configure_logs(json=settings.server.log_json)
    keep_what_is_loaded()
    if options.process == "worker":
        worker.run(settings, threads=options.threads)
    else:
        asyncio.run(duties.serve(settings))


if __name__ == "__main__":
    main()
