"""Marks of tenants that wrote something, as statements: how the sequencer knows where to look without looking everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.cells import touched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

_AT_ONCE = 5_000


def oldest() -> sa.Select[tuple[UUID, str]]:
    """The marks to deal with next."""
    return sa.select(touched.c.id, touched.c.tenant).order_by(touched.c.id).limit(_AT_ONCE)


def forget(ids: Sequence[UUID]) -> sa.Delete:
    """These are dealt with."""
    return sa.delete(touched).where(touched.c.id == sa.any_(sa.literal(list(ids), pg.ARRAY(pg.UUID))))
