"""What an operator does to a tenant by a command stands in the tenant's own audit: the account of the machine that did it.

An operator is nobody of the tenant's, so the principal is the system.
"""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from services import audit
from tenants.context import SYSTEM, Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.installation import Installation
    from tenants.placement import Placement

REQUEST = "cli"


def origin() -> Origin:
    """Where commands come from."""
    return Origin(REQUEST, agent=f"kezhi by {_account()}")


async def tell(
    installation: Installation, placement: Placement, action: str, details: Mapping[str, object] | None = None
) -> None:
    """Leave an entry."""
    entry = audit.Entry(action, details=details or {})
    await installation.transactions.write(placement, SYSTEM, origin(), lambda work: audit.append(work, [entry]))


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        # A container may run as a number that has no name.
        return str(os.geteuid())
