"""What users see of background work: jobs with progress, the notification inbox, and frozen report snapshots."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, moment, tenant_metadata, versioned


class JobState(StrEnum):
    """Where a job stands. One that is `parked` stopped without an end, and an operator may let it run again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    PARKED = "parked"


job = sa.Table(
    "job",
    tenant_metadata,
    *versioned(),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False, server_default=JobState.QUEUED),
    sa.Column("progress", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("total", sa.BigInteger, nullable=True),
    sa.Column("reason", TEXT, nullable=True),
    # What it found that keeps it from being done, of the records of one object; read by whoever reads these (see `services.query.traces`).
    sa.Column("details", pg.JSONB, nullable=True),
    sa.Column("requested_by_id", UUID, nullable=True),
    moment("finished_at", nullable=True),
)

notification = sa.Table(
    "notification",
    tenant_metadata,
    *versioned(),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), nullable=False),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("title_zh", TEXT, nullable=False),
    sa.Column("title_en", TEXT, nullable=False),
    sa.Column("object_name", TEXT, nullable=False, server_default=""),
    sa.Column("record_id", UUID, nullable=True),
    sa.Column("is_copy", sa.Boolean, nullable=False, server_default=sa.false()),
    moment("read_at", nullable=True),
    # A verb that runs twice inserts once.
    sa.Column("dedup_key", TEXT, nullable=False, unique=True),
    sa.Index(None, "user_id", "created_at"),
)

report_snapshot = sa.Table(
    "report_snapshot",
    tenant_metadata,
    *versioned(),
    sa.Column("report", TEXT, nullable=False),
    sa.Column("taken_on", sa.Date, nullable=False),
    sa.UniqueConstraint("report", "taken_on"),
)

# Tenant roles may INSERT and SELECT here, nothing else: a snapshot is frozen.
report_snapshot_row = sa.Table(
    "report_snapshot_row",
    tenant_metadata,
    *versioned(),
    sa.Column("snapshot_id", UUID, sa.ForeignKey("report_snapshot.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("dimensions", pg.JSONB, nullable=False),
    sa.Column("record_count", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.Numeric(20, 4), nullable=True),
    sa.Column("currency", sa.CHAR(3), nullable=True),
    sa.UniqueConstraint("snapshot_id", "position"),
)
