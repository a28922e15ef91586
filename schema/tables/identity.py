"""Sign-in: sessions, rotating refresh tokens and the brute-force throttle. No token stands here, only hashes."""

from __future__ import annotations

import sqlalchemy as sa

from schema.tables.base import TEXT, UUID, identity, moment, tenant_metadata

# A sign-in session, or that of a token of the API; every statement checks its row by id, so a closed one is refused at
# once. It is either a user's or a client's.
session = sa.Table(
    "session",
    tenant_metadata,
    identity(),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), nullable=True, index=True),
    sa.Column("client_id", UUID, sa.ForeignKey("client.id"), nullable=True, index=True),
    moment("created_at"),
    moment("expires_at", nullable=True),
    moment("closed_at", nullable=True),
    sa.Column("address", TEXT, nullable=False, server_default=""),
    sa.Column("agent", TEXT, nullable=False, server_default=""),
    sa.CheckConstraint("(user_id IS NULL) <> (client_id IS NULL)", name="bearer"),
)

# A refresh token that is presented after it was replaced closes the whole session.
refresh_token = sa.Table(
    "refresh_token",
    tenant_metadata,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    sa.Column("session_id", UUID, sa.ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True),
    moment("created_at"),
    moment("replaced_at", nullable=True),
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    tenant_metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    moment("last_at"),
    moment("blocked_until", nullable=True),
)
