"""Audit entries: inserted without sequence or chain; the sequencer alone fills `seq`, `prev_hash` and `hash`."""

from __future__ import annotations

import sqlalchemy as sa

from schema.tables.base import TEXT, UUID, identity, moment, tenant_metadata

audit_entry = sa.Table(
    "audit_entry",
    tenant_metadata,
    identity(),
    sa.Column("seq", sa.BigInteger, nullable=True, unique=True),
    sa.Column("prev_hash", sa.LargeBinary, nullable=True),
    sa.Column("hash", sa.LargeBinary, nullable=True),
    moment("created_at"),
    sa.Column("principal_kind", TEXT, nullable=False),
    sa.Column("principal_id", UUID, nullable=False),
    sa.Column("client_id", TEXT, nullable=False, server_default=""),
    sa.Column("action", TEXT, nullable=False),
    sa.Column("object_name", TEXT, nullable=False, server_default=""),
    sa.Column("record_id", UUID, nullable=True),
    sa.Column("record_version", sa.Integer, nullable=True),
    sa.Column("request_id", TEXT, nullable=False, server_default=""),
    sa.Column("address", TEXT, nullable=False, server_default=""),
    sa.Column("agent", TEXT, nullable=False, server_default=""),
    sa.Column("scope", TEXT, nullable=False, server_default=""),
    # The exact bytes that the chain hashes: canonical JSON of everything above and the details.
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("audit_entry_unsequenced_idx", "id", postgresql_where=sa.text("seq IS NULL")),
    # Who, what, on which object and which record, and when: each question is one range in the order of time.
    sa.Index(None, "created_at", "id"),
    sa.Index(None, "principal_id", "created_at", "id"),
    sa.Index(None, "action", "created_at", "id"),
    sa.Index(None, "object_name", "created_at", "id"),
    sa.Index(None, "record_id", "created_at", "id"),
)
