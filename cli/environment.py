"""How a command reaches an installation: by DATABASE_URL, through a running `./kezhi up`, or by starting its servers.

So `./kezhi tenants list` answers whether or not the installation of the data folder is running at the moment. Which one it is
stands on standard error: without `--data` that is the default folder, even while another one runs.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cli import servers
from cli.data_folder import DEFAULT, DataFolder
from cli.processes import StartFailed
from tenants.settings import Settings, process_environment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping


def add_option(parser: argparse.ArgumentParser) -> None:
    """`--data`, as `up` knows it."""
    parser.add_argument("--data", type=Path, default=DEFAULT, metavar="DIR", help="data folder (default .kezhi)")


@contextlib.contextmanager
def reached(data: Path, environ: Mapping[str, str] | None = None) -> Iterator[Settings]:
    """The settings by which the installation can be reached as long as the block runs."""
    given = process_environment() if environ is None else dict(environ)
    folder = DataFolder(data.expanduser().resolve())
    if given.get("DATABASE_URL"):
        settings = Settings.from_environ(given | _master_key(folder, given))
        parts = urlsplit(settings.database.url)
        _say(f"the server of DATABASE_URL, {parts.hostname}:{parts.port or 5432}")
        yield settings
    elif running := folder.running_environment():
        settings = Settings.from_environ(running)
        _say(f"the data folder {folder.top}, which is running")
        yield settings
    elif not (folder.top / "layout").exists():
        raise StartFailed(f"There is nothing in {folder.top} yet; run `./kezhi up` first, or set DATABASE_URL.")
    else:
        with folder.owned():
            folder.prepare()
            with servers.running(folder.top, broker_url=given.get("BROKER_URL", "")) as started:
                urls = {"DATABASE_URL": started.database_url, "BROKER_URL": started.broker_url}
                settings = Settings.from_environ(given | _master_key(folder, given) | urls)
                _say(f"the data folder {folder.top}, which is not running")
                yield settings


def _say(where: str) -> None:
    print(f"kezhi: using {where}.", file=sys.stderr, flush=True)


def _master_key(folder: DataFolder, given: Mapping[str, str]) -> dict[str, str]:
    if given.get("KEZHI_MASTER_KEY"):
        return {}
    if not (folder.top / "master_key").exists():
        raise StartFailed("KEZHI_MASTER_KEY is not set, and the data folder holds none.")
    return {"KEZHI_MASTER_KEY": folder.master_key()}
