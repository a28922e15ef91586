"""Timers as statements: requests of tenants folded in, due ones turned into messages. Never a scan over records."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.cells import outbox, timer_request, timers

AT_ONCE = 1_000


def fold() -> sa.Executable:
    """Arm, move or cancel timers as the requests say; of several requests for one key the last one counts."""
    oldest = sa.select(timer_request.c.id).order_by(timer_request.c.id).limit(AT_ONCE)
    taken = sa.delete(timer_request).where(timer_request.c.id.in_(oldest)).returning(*timer_request.c).cte("taken")
    last = (
        sa
        .select(taken)
        .ext(pg.distinct_on(taken.c.tenant, taken.c.key))
        .order_by(taken.c.tenant, taken.c.key, taken.c.id.desc())
        .cte("last")
    )
    cancelled = (
        sa
        .delete(timers)
        .where(timers.c.tenant == last.c.tenant, timers.c.key == last.c.key, last.c.due.is_(None))
        .returning(timers.c.key)
        .cte("cancelled")
    )
    columns = ("tenant", "key", "due", "message", "payload")
    armed = sa.select(*(last.c[name] for name in columns)).where(last.c.due.is_not(None))
    insert = pg.insert(timers).from_select(columns, armed, include_defaults=False)
    return insert.on_conflict_do_update(
        index_elements=["tenant", "key"], set_={name: insert.excluded[name] for name in ("due", "message", "payload")}
    ).add_cte(cancelled)


def fire() -> sa.Insert:
    """Due timers leave and their messages stand in the outbox, in one statement: each fires once."""
    due = (
        sa
        .select(timers.c.tenant, timers.c.key)
        .where(timers.c.due <= sa.func.now())
        .order_by(timers.c.due)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    fired = (
        sa
        .delete(timers)
        .where(sa.tuple_(timers.c.tenant, timers.c.key).in_(due))
        .returning(timers.c.tenant, timers.c.due, timers.c.message, timers.c.payload)
        .cte("fired")
    )
    return sa.insert(outbox).from_select(
        ("id", "tenant", "message", "payload", "not_before"),
        sa.select(sa.func.gen_random_uuid(), fired.c.tenant, fired.c.message, fired.c.payload, fired.c.due),
        include_defaults=False,
    )
