"""Pilots: new objects, fields, layouts and rules that only a group sees until they are released."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, moment, tenant_metadata, versioned


class PilotState(StrEnum):
    """Where a pilot stands. Only a running one hides anything; the others are over for good."""

    RUNNING = "running"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


pilot = sa.Table(
    "pilot",
    tenant_metadata,
    *versioned(),
    sa.Column("title", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False, server_default=PilotState.RUNNING),
    # Who is in it: `{roleIds, departmentIds, departmentTreeIds, userIds}`, each a list of ids.
    sa.Column("group", pg.JSONB, nullable=False),
    # What it covers: a list of `{kind, id, object, name}` (`services.permissions.pilots`).
    sa.Column("coordinates", pg.JSONB, nullable=False),
    sa.Column("started_by_id", UUID, sa.ForeignKey("user.id"), nullable=True),
    moment("ended_at", nullable=True),
    sa.Index("pilot_running_idx", "id", postgresql_where=sa.text("state = 'running'")),
)
