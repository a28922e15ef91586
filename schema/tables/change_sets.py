"""Change sets, drafts of many changes of definitions that go live together; and publications, what went live when."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, identity, moment, tenant_metadata, versioned


class ChangeSetState(StrEnum):
    """Where a change set stands."""

    DRAFT = "draft"
    PUBLISHED = "published"


class PublicationKind(StrEnum):
    """What led to a publication: one mutation, a change set, or going back to an earlier publication."""

    CHANGE = "change"
    CHANGE_SET = "changeSet"
    ROLL_BACK = "rollBack"


change_set = sa.Table(
    "change_set",
    tenant_metadata,
    *versioned(),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False, server_default=ChangeSetState.DRAFT),
    # Each names one verb with its input: `[{"addField": {…}}, …]`.
    sa.Column("steps", pg.JSONB, nullable=False),
    # The metadata version that it was last looked at against.
    sa.Column("metadata_version", sa.BigInteger, nullable=False),
    sa.Column("created_by_id", UUID, nullable=True),
)

# Tenant roles may SELECT here; the owner role, which defines, INSERTs. Nothing is ever changed.
publication = sa.Table(
    "publication",
    tenant_metadata,
    identity(),
    moment("created_at"),
    # 1, 2, 3 … in the order of `state`.
    sa.Column("number", sa.BigInteger, nullable=False, unique=True),
    sa.Column("metadata_version", sa.BigInteger, nullable=False),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("published_by_id", UUID, nullable=True),
    sa.Column("change_set_id", UUID, sa.ForeignKey("change_set.id"), nullable=True),
    # The publication whose definitions this one brought back.
    sa.Column("rolls_back_to", sa.BigInteger, nullable=True),
    # What was done, as the audit entries say it.
    sa.Column("actions", pg.JSONB, nullable=False),
    # The difference to read, and the rows that lead back.
    sa.Column("differences", pg.JSONB, nullable=False),
    sa.Column("undo", pg.JSONB, nullable=False),
)
