"""What one user owned and gave to others: the order for it, and every record that moved, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, moment, tenant_metadata, versioned

hand_over = sa.Table(
    "hand_over",
    tenant_metadata,
    *versioned(),
    sa.Column("from_user_id", UUID, sa.ForeignKey("user.id"), nullable=False),
    # queued, running, done, reversing, reversed
    sa.Column("state", TEXT, nullable=False, server_default="queued"),
    # In their order: the first rule that reaches a record decides.
    sa.Column("rules", pg.JSONB, nullable=False),
    sa.Column("deactivates", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("requested_by_id", UUID, nullable=True),
    sa.Column("job_id", UUID, sa.ForeignKey("job.id"), nullable=False),
    sa.Column("moved", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("returned", sa.BigInteger, nullable=False, server_default="0"),
    moment("finished_at", nullable=True),
    # When it locked the user out, if it was the hand-over that did.
    moment("locked_out_at", nullable=True),
    sa.Index(None, "from_user_id"),
)

hand_over_record = sa.Table(
    "hand_over_record",
    tenant_metadata,
    sa.Column("hand_over_id", UUID, sa.ForeignKey("hand_over.id"), primary_key=True),
    sa.Column("record_id", UUID, primary_key=True),
    sa.Column("to_user_id", UUID, nullable=False),
    # Whether the reversal looked at it; what moved on since stays where it is.
    sa.Column("reversed", sa.Boolean, nullable=False, server_default=sa.false()),
)
