"""Brings the databases to the shape of this code: catalog, cells with their template, then every tenant.

Says in one sentence what is wrong with a server that cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from cli.processes import StartFailed
from tenants import preparation
from tenants.checked_cells import Unhardened
from tenants.history import UnknownVersion
from tenants.installation import Installation
from tenants.keys import MasterKeyMismatch
from tenants.migrator import MigrationFailed, Run

if TYPE_CHECKING:
    from tenants.settings import Settings

_OTHER_KEY = "KEZHI_MASTER_KEY does not open what the catalog holds: the database belongs to another installation."


async def migrate(settings: Settings) -> Run:
    """May run as often as one likes, also while the installation is running."""
    try:
        run = await preparation.prepare(settings)
    except MasterKeyMismatch:
        raise StartFailed(_OTHER_KEY) from None
    except asyncpg.PostgresError as refusal:
        raise StartFailed(f"The PostgreSQL server refused: {refusal}.") from refusal
    except (MigrationFailed, UnknownVersion) as failure:
        raise StartFailed(str(failure)) from failure
    await _check(settings)
    return run


async def _check(settings: Settings) -> None:
    """Opening an installation checks that its cells keep tenants apart and know Chinese letters."""
    try:
        async with Installation.open(settings):
            pass
    except (MasterKeyMismatch, asyncpg.InvalidPasswordError):
        # The password of the catalog's login follows from the master key.
        raise StartFailed(_OTHER_KEY) from None
    except Unhardened as failure:
        raise StartFailed(str(failure)) from failure
