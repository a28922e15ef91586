"""What every change of users, departments and roles does: ask for the right, move `access_version`, mind versions.

These verbs need definition work: only the owner role may write roles and members, and `state` is locked before anything
else. So they happen one after another in a tenant, and what was checked (is this the last administrator?) holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.errors import VersionConflict
from services import permissions
from services.identity.errors import SignInNeeded
from tenants.context import Moving
from tenants.errors import Forbidden, NotFound, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import ReadWork, Work


async def move(work: Work) -> None:
    """Refuse whoever may not define, and have `access_version` moved with the commit."""
    await require_definer(work)
    work.moves.add(Moving.ACCESS)


async def require_definer(work: ReadWork) -> None:
    """Users, roles and departments are changed by those who may define, signed in: no scope of a token reaches them."""
    await require_definitions(work)
    refuse_token(work)


async def require_definitions(work: ReadWork) -> None:
    """Whoever may change the shape: a definer, or a token of one with the scope for it."""
    require_signed_in(work)
    policy = await permissions.policy(work)
    if not policy.may_define:
        raise Forbidden


def refuse_token(work: ReadWork) -> None:
    """Refuse a token of the API, whatever its scopes."""
    if work.principal.is_token:
        raise SignInNeeded


def require_signed_in(work: ReadWork) -> None:
    """Somebody in particular asks."""
    if work.principal.is_anonymous:
        raise Unauthenticated


def require_version(version: int, if_version: int | None) -> None:
    """Refuse a change that goes by another version than that of the row, which is locked, or cannot change under `state`."""
    if if_version is not None and version != if_version:
        raise VersionConflict(version=version)


async def update_versioned(
    work: Work, table: sa.Table, row_id: UUID, values: Mapping[str, object], *, if_version: int | None
) -> Mapping[str, object]:
    """Write the values onto the row, one version higher; what they replace. `NotFound` without such a row."""
    before = await work.session.row(sa.select(table).where(table.c.id == row_id).with_for_update())
    if before is None:
        raise NotFound
    require_version(before["version"], if_version)
    await work.session.execute(
        sa.update(table).where(table.c.id == row_id).values(**values, version=table.c.version + 1, updated_at=work.now)
    )
    return {name: before[name] for name in values}
