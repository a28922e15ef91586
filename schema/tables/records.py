"""The columns that every record table has, and the tables that writes of records fill beside the record itself."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, identity, moment, tenant_metadata

# (column, SQL type and constraint) of every record table, before its fields. Record tables are made by
# `schema.metadata.ddl` and have no Table of their own.
RECORD_COLUMNS: tuple[tuple[str, str], ...] = (
    ("id", "uuid PRIMARY KEY"),
    ("version", "integer NOT NULL DEFAULT 1"),
    ("created_at", "timestamptz NOT NULL DEFAULT now()"),
    ("updated_at", "timestamptz NOT NULL DEFAULT now()"),
    ("created_by_id", "uuid"),
    ("updated_by_id", "uuid"),
    ("owner_id", "uuid"),
    ("deleted_at", "timestamptz"),
    ("deletion_id", "uuid"),
)

# One history table per tenant: `changes` is {field number: [old, new]}, each field read under its own permission.
record_history = sa.Table(
    "record_history",
    tenant_metadata,
    identity(),
    sa.Column("object_number", sa.SmallInteger, nullable=False),
    sa.Column("record_id", UUID, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("verb", TEXT, nullable=False),
    sa.Column("principal_id", UUID, nullable=False),
    sa.Column("changes", pg.JSONB, nullable=False),
    moment("created_at"),
    sa.Index(None, "record_id", "version"),
)

# The tenant's feed: one change row per written record, sequenced after commit.
change = sa.Table(
    "change",
    tenant_metadata,
    identity(),
    sa.Column("seq", sa.BigInteger, nullable=True, unique=True),
    sa.Column("object_number", sa.SmallInteger, nullable=False),
    sa.Column("record_id", UUID, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", TEXT, nullable=False),
    moment("created_at"),
    sa.Index("change_unsequenced_idx", "id", postgresql_where=sa.text("seq IS NULL")),
)

# `clientMutationId`: the row is inserted first, so that a twin waits on it.
client_mutation = sa.Table(
    "client_mutation",
    tenant_metadata,
    sa.Column("principal_id", UUID, primary_key=True),
    sa.Column("client_id", TEXT, primary_key=True),
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("request_hash", sa.LargeBinary, nullable=False),
    sa.Column("ids", pg.JSONB, nullable=False, server_default="{}"),
    sa.Column("errors", pg.JSONB, nullable=False, server_default="[]"),
    moment("created_at"),
    sa.Index(None, "created_at"),
)
