"""Documents that clients may name by a key instead of sending them; while a tenant requires them, no others are run."""

from __future__ import annotations

import sqlalchemy as sa

from schema.tables.base import TEXT, UUID, tenant_metadata, versioned

# The text of a key never changes, so that what a client named once means the same for ever.
trusted_document = sa.Table(
    "trusted_document",
    tenant_metadata,
    *versioned(),
    sa.Column("key", TEXT, nullable=False, unique=True),
    sa.Column("text", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False, server_default="live"),
    sa.Column("created_by_id", UUID, nullable=True),
)
