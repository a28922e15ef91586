"""Turns of the calendar as rows: who inserts the row takes the turn, so each happens once over any number of schedulers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.cells import outbox, ticks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from services.messages import Message


def take(job: str, at: datetime) -> sa.Executable:
    """Answers a row to the one who takes the turn."""
    return pg.insert(ticks).values(job=job, at=at).on_conflict_do_nothing().returning(ticks.c.at)


def put_for_each(tenants: Sequence[str], message: Message) -> sa.Insert:
    """The same message to every one of these tenants, in the transaction that took the turn."""
    schemas = sa.func.unnest(sa.literal(list(tenants), pg.ARRAY(sa.Text))).table_valued("schema", name="given")
    return sa.insert(outbox).from_select(
        ("id", "tenant", "message", "payload", "queue"),
        sa.select(
            sa.func.gen_random_uuid(),
            schemas.render_derived().c.schema,
            sa.literal(message.name),
            sa.cast(sa.literal(message.payload(), sa.Text), pg.JSONB),
            sa.literal(message.queue),
        ),
        include_defaults=False,
    )
