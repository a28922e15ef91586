"""The tables of a cell, in schema `kezhi`: what tenants hand to the background, and how time is kept.

Tenant roles may only INSERT into `outbox`, `timer_request` and `touched`; the column `tenant` defaults to the current
role and a policy holds it there. The `relay` and `sequencer` logins read and update.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

TEXT = sa.Text(collation="C")
UUID = pg.UUID(as_uuid=True)
TIMESTAMP = sa.DateTime(timezone=True)


class _Name(sa.types.UserDefinedType[str]):
    """`name`, the type of role names."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "name"


CELL_SCHEMA = "kezhi"
# The login by which messages, timers and ticks are read and moved on.
RELAY = "relay"
cell_metadata = sa.MetaData(schema=CELL_SCHEMA)


def _tenant(*, primary_key: bool = False) -> sa.Column[object]:
    return sa.Column("tenant", _Name, primary_key=primary_key, nullable=False, server_default=sa.text("CURRENT_USER"))


outbox = sa.Table(
    "outbox",
    cell_metadata,
    sa.Column("id", UUID, primary_key=True),
    _tenant(),
    sa.Column("message", TEXT, nullable=False),
    sa.Column("payload", pg.JSONB, nullable=False),
    sa.Column("queue", TEXT, nullable=False, server_default="default"),
    sa.Column("not_before", TIMESTAMP, nullable=False, server_default=sa.func.now()),
    # waiting, sent, running, done, parked
    sa.Column("state", TEXT, nullable=False, server_default="waiting"),
    # How often the relay handed it to the broker since it last waited: each time it waits longer for a start.
    sa.Column("sends", sa.Integer, nullable=False, server_default="0"),
    # Starts, counted before execution; those that ended by asking for another try are counted again as retries.
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_until", TIMESTAMP, nullable=True),
    sa.Column("reason", TEXT, nullable=True),
    sa.Column("created_at", TIMESTAMP, nullable=False, server_default=sa.func.now()),
    sa.Column("finished_at", TIMESTAMP, nullable=True),
    sa.Index(
        "outbox_waiting_idx", "queue", "tenant", "not_before", "id", postgresql_where=sa.text("state = 'waiting'")
    ),
    sa.Index("outbox_lease_idx", "lease_until", postgresql_where=sa.text("state IN ('sent', 'running')")),
    sa.Index("outbox_finished_idx", "finished_at", postgresql_where=sa.text("finished_at IS NOT NULL")),
)

timer_request = sa.Table(
    "timer_request",
    cell_metadata,
    sa.Column("id", UUID, primary_key=True),
    _tenant(),
    sa.Column("key", TEXT, nullable=False),
    # Empty cancels the timer of that key.
    sa.Column("due", TIMESTAMP, nullable=True),
    sa.Column("message", TEXT, nullable=False),
    sa.Column("payload", pg.JSONB, nullable=False),
)

timers = sa.Table(
    "timers",
    cell_metadata,
    _tenant(primary_key=True),
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("due", TIMESTAMP, nullable=False, index=True),
    sa.Column("message", TEXT, nullable=False),
    sa.Column("payload", pg.JSONB, nullable=False),
)

ticks = sa.Table(
    "ticks", cell_metadata, sa.Column("job", TEXT, primary_key=True), sa.Column("at", TIMESTAMP, primary_key=True)
)

touched = sa.Table("touched", cell_metadata, sa.Column("id", UUID, primary_key=True), _tenant())

lease = sa.Table(
    "lease",
    cell_metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("holder", UUID, nullable=False),
    # Counts takeovers; a holder whose token is old is fenced off.
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("until", TIMESTAMP, nullable=False),
)
