"""`./kezhi migrate`: bring catalog, cells and tenants to the present version; may be run as often as one likes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from cli import environment, preparation

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


class _Options(Protocol):
    data: Path


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `migrate`."""
    environment.add_option(parser)


def run(options: _Options) -> int:
    """Migrate, and say how many tenants moved."""
    with environment.reached(options.data) as settings:
        done = asyncio.run(preparation.migrate(settings))
    print(f"{done.moved} tenants migrated, {done.current} were at the present version.")
    return 0
