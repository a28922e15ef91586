"""Brings the databases to the shape of this code: catalog, cells with their template, then every tenant.

Says in one sentence what is wrong with a server that cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from cli.processes import StartFailed
from tenants import migrator, preparation
from tenants.installation import Installation, Unhardened
from tenants.keys import MasterKeyMismatch
from tenants.migrator import MigrationFailed

if TYPE_CHECKING:
    from tenants.settings import Settings


async def migrate(settings: Settings) -> migrator.Run:
    """May run as often as one likes, also while the installation is running."""
    try:
        await preparation.prepare(settings)
        run = await migrator.migrate(settings)
        migrator.require_success(run)
        # Opening it checks that the cells keep tenants apart and know Chinese letters.
        async with Installation.open(settings):
            pass
    except MasterKeyMismatch:
        raise StartFailed(
            "KEZHI_MASTER_KEY does not open what the catalog holds: the database belongs to another installation."
        ) from None
    except asyncpg.PostgresError as refusal:
        raise StartFailed(f"The PostgreSQL server refused: {refusal}.") from refusal
    except (MigrationFailed, Unhardened) as failure:
        raise StartFailed(str(failure)) from failure
    return run
