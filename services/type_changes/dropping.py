"""Drops the old columns of fields that became another type, once nobody may undo that any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.type_changes import TypeChangeState, type_change
from services.type_changes.settling import forget

if TYPE_CHECKING:
    from tenants.context import DefinitionWork, ReadWork


async def are_due(work: ReadWork) -> bool:
    """Whether the time of grace of any change is over."""
    return await work.session.row(_due(work)) is not None


async def drop_due(work: DefinitionWork) -> int:
    """How many changes keep nothing any more; running twice finds nothing."""
    rows = await work.session.rows(_due(work))
    for row in rows:
        await forget(work, dict(row), TypeChangeState.DROPPED)
    return len(rows)


def _due(work: ReadWork) -> sa.Select[tuple[object, ...]]:
    kept = type_change.c
    return (
        sa.select(type_change).where(kept.state == TypeChangeState.DONE, kept.kept_until <= work.now).order_by(kept.id)
    )
