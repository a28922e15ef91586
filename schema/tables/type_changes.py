"""Changes of a field's type: what it was, what it becomes, and until when the column that it had is kept."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, moment, tenant_metadata, versioned


class TypeChangeState(StrEnum):
    """Where a change stands. While it is `converting` the field is what it was; `dropped` ones can be undone no more."""

    CONVERTING = "converting"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    DROPPED = "dropped"


type_change = sa.Table(
    "type_change",
    tenant_metadata,
    *versioned(),
    sa.Column("object_id", UUID, sa.ForeignKey("object_definition.id"), nullable=False),
    sa.Column("field_id", UUID, sa.ForeignKey("field_definition.id"), nullable=False),
    sa.Column("state", TEXT, nullable=False),
    # The type, the options, the column and the choices of the field, as it was and as it becomes.
    sa.Column("source", pg.JSONB, nullable=False),
    sa.Column("target", pg.JSONB, nullable=False),
    # Whether values that do not fit the new type are left behind instead of standing in the way.
    sa.Column("clears", sa.Boolean, nullable=False),
    sa.Column("cleared", sa.BigInteger, nullable=False, server_default="0"),
    # The change that this one takes back.
    sa.Column("undoes_id", UUID, sa.ForeignKey("type_change.id"), nullable=True),
    sa.Column("job_id", UUID, nullable=True),
    moment("kept_until", nullable=True),
    sa.Index(None, "field_id"),
)
