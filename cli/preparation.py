"""Brings the databases to the shape of this code: catalog, cells with their template, then every tenant.

Says in one sentence what is wrong with a server that cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from cli.opening import OTHER_KEY, opened
from cli.processes import StartFailed
from tenants import preparation
from tenants.history import UnknownVersion
from tenants.keys import MasterKeyMismatch
from tenants.migrator import MigrationFailed, Run

if TYPE_CHECKING:
    from tenants.settings import Settings


async def migrate(settings: Settings) -> Run:
    """May run as often as one likes, also while the installation is running."""
    try:
        run = await preparation.prepare(settings)
    except MasterKeyMismatch:
        raise StartFailed(OTHER_KEY) from None
    except asyncpg.PostgresError as refusal:
        raise StartFailed(f"The PostgreSQL server refused: {refusal}.") from refusal
    except (MigrationFailed, UnknownVersion) as failure:
        raise StartFailed(str(failure)) from failure
    # Opening it checks that its cells keep tenants apart and know Chinese letters.
    async with opened(settings):
        return run
