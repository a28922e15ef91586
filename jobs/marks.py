"""Marks of tenants that wrote something, as statements: how the sequencer knows where to look without looking everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.cells import touched

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from tenants.placement import Placement

_AT_ONCE = 5_000


def oldest(*, skipping: Collection[Placement] = ()) -> sa.Select[tuple[UUID, str]]:
    """The marks to deal with next; those of `skipping` stay, so that many of one tenant hide nobody's."""
    roles = sorted(role for each in skipping for role in (each.role, each.owner_role))
    others = touched.c.tenant != sa.all_(sa.literal(roles, pg.ARRAY(sa.Text)))
    return sa.select(touched.c.id, touched.c.tenant).where(others).order_by(touched.c.id).limit(_AT_ONCE)


def forget(ids: Sequence[UUID]) -> sa.Delete:
    """These are dealt with."""
    return sa.delete(touched).where(touched.c.id == sa.any_(sa.literal(list(ids), pg.ARRAY(pg.UUID))))
