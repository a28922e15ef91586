"""What `./kezhi up` does in the databases before it calls itself ready. Brings the whole product with it, so `dev` loads it
while the API is already starting.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cli import demo, preparation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.settings import Settings

SIGN_INS = demo.SIGN_INS


def take(settings: Settings, *, tenant: str, password: str) -> Iterator[str]:
    """Do them one by one and tell each that is done; without a tenant's name there is no demo."""
    asyncio.run(preparation.migrate(settings))
    yield "catalog, cell and tenants are at the present version"
    if tenant:
        asyncio.run(demo.prepare(settings, slug=tenant, password=password))
        yield f"tenant {tenant} is there"
