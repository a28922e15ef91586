"""What every change of users, departments and roles does: ask for the right, move `access_version`, mind versions.

The row of `state` is locked from the start, so these changes happen one after another in a tenant; what was checked
after it (is this the last administrator?) holds when it commits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.errors import VersionConflict
from schema.tables.metadata import state
from services import permissions
from tenants.context import Moving
from tenants.errors import Forbidden, NotFound, Stale

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work


async def move(work: Work) -> None:
    """Refuse whoever may not define, take the lock that orders these verbs, and have `access_version` moved."""
    await require_definer(work)
    if await work.session.scalar(_lock()) != work.versions.access:
        # Somebody was faster while we waited, and the caller's own rights may have changed.
        raise Stale
    work.moves.add(Moving.ACCESS)


async def require_definer(work: Work) -> None:
    """Users, roles and departments are changed by those who may define."""
    policy = await permissions.policy(work)
    if not policy.may_define:
        raise Forbidden


async def update_versioned(
    work: Work, table: sa.Table, row_id: UUID, values: Mapping[str, object], *, if_version: int | None
) -> None:
    """Write the values onto the row, one version higher; `NotFound` without such a row."""
    version = await work.session.scalar(sa.select(table.c.version).where(table.c.id == row_id).with_for_update())
    if version is None:
        raise NotFound
    if if_version is not None and version != if_version:
        raise VersionConflict(version=version)
    await work.session.execute(
        sa.update(table).where(table.c.id == row_id).values(**values, version=table.c.version + 1, updated_at=work.now)
    )


def _lock() -> sa.Select[int]:
    # Protects every check that these verbs make: the last administrator, the tree of departments, a free mail address.
    return sa.select(state.c.access_version).with_for_update()
