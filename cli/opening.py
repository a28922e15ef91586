"""An installation for one command: what stands in its way is one sentence, never a traceback."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

from cli.processes import StartFailed
from tenants.checked_cells import Unhardened
from tenants.exception_text import describe
from tenants.installation import Installation
from tenants.keys import MasterKeyMismatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.placement import Placement
    from tenants.settings import Settings

OTHER_KEY = "KEZHI_MASTER_KEY does not open what the catalog holds: the database belongs to another installation."
_UNKNOWN = (
    "The PostgreSQL server does not know this installation: run `./kezhi migrate` first, "
    "or set the KEZHI_MASTER_KEY that it was made with."
)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Installation]:
    """Open the installation of these settings, close it in the end. Raises StartFailed, and faults of its own."""
    async with AsyncExitStack() as stack:
        try:
            installation = await stack.enter_async_context(Installation.open(settings))
        except MasterKeyMismatch:
            raise StartFailed(OTHER_KEY) from None
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError):
            # The password of the catalog's login follows from the master key.
            raise StartFailed(_UNKNOWN) from None
        except Unhardened as failure:
            raise StartFailed(str(failure)) from failure
        except asyncpg.PostgresError as refusal:
            raise StartFailed(f"The PostgreSQL server refused: {describe(refusal)}.") from refusal
        yield installation


@asynccontextmanager
async def opened_tenant(settings: Settings, slug: str) -> AsyncIterator[tuple[Installation, Placement]]:
    """The same with the tenant that a command is about."""
    async with opened(settings) as installation:
        placement = await installation.catalog.placement_by_slug(slug)
        if placement is None:
            raise StartFailed(f"There is no active tenant {slug}.")
        yield installation, placement
