"""Partner clients and the tokens of the API. Neither secrets nor tokens stand here, only their hashes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, moment, tenant_metadata, versioned

# A partner's system. Its rights are those of its role, as far as its scopes reach.
client = sa.Table(
    "client",
    tenant_metadata,
    *versioned(),
    sa.Column("name", TEXT, nullable=False, unique=True),
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), nullable=False),
    sa.Column("scopes", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False),
    moment("secret_expires_at"),
    sa.Column("state", TEXT, nullable=False, server_default="active"),
    sa.Index(None, "role_id"),
)

# A token of a client, or one that a user made for a program; `id` is that of its session, which every statement checks.
api_token = sa.Table(
    "api_token",
    tenant_metadata,
    sa.Column("id", UUID, sa.ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), nullable=True),
    sa.Column("client_id", UUID, sa.ForeignKey("client.id"), nullable=True),
    sa.Column("name", TEXT, nullable=False, server_default=""),
    sa.Column("scopes", pg.ARRAY(sa.Text), nullable=False),
    moment("created_at"),
    moment("expires_at"),
    moment("revoked_at", nullable=True),
    # A token without a scope would be as good as a sign-in.
    sa.CheckConstraint("cardinality(scopes) > 0", name="scopes"),
    sa.Index(None, "user_id"),
    sa.Index(None, "client_id"),
)
