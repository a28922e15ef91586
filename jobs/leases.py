"""Leases as statements: one process at a time does a thing, and one that lost its lease cannot act on it any more.

The token counts takeovers. `hold` stands first in every transaction of the holder: it renews the lease, and its row lock
makes a takeover wait for the transaction's end, so that two holders never write at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.cells import lease

if TYPE_CHECKING:
    from uuid import UUID

TERM = timedelta(seconds=10)


def acquire(name: str, holder: UUID) -> sa.Executable:
    """Take the lease if it is free or ours; answers the token, or no row."""
    until = sa.func.clock_timestamp() + TERM
    insert = pg.insert(lease).values(name=name, holder=holder, token=1, until=until)
    is_ours = lease.c.holder == insert.excluded.holder
    return insert.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": insert.excluded.holder,
            "token": lease.c.token + sa.case((is_ours, 0), else_=1),
            "until": until,
        },
        where=sa.or_(is_ours, lease.c.until < sa.func.clock_timestamp()),
    ).returning(lease.c.token)


def hold(name: str, holder: UUID, token: int) -> sa.Update:
    """Renew and fence; no row means that the lease is lost."""
    return (
        sa
        .update(lease)
        .where(lease.c.name == name, lease.c.holder == holder, lease.c.token == token)
        .values(until=sa.func.clock_timestamp() + TERM)
        .returning(lease.c.token)
    )


def release(name: str, holder: UUID) -> sa.Update:
    """Give it back at the end of a process, so that the next one need not wait."""
    return sa.update(lease).where(lease.c.name == name, lease.c.holder == holder).values(until=sa.func.now())
