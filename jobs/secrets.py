"""The actor of encrypted fields."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jobs.actor import actor
from services import secrets
from services.secrets import SealAnew

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(SealAnew)
async def seal_anew(run: Run, _message: SealAnew) -> None:
    """A new day began; older keys are dropped when they have nothing left to open."""
    keys, tenant = run.installation.secrets, run.placement.tenant_id
    ring = await keys.outgrown(tenant)
    if ring is not None:
        while await run.write(partial(secrets.seal_some, ring=ring)):
            pass
        await keys.drop_older(tenant, ring)
