"""Saved views: how somebody looks at the records of an object, kept for himself or shared with others."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, moment, tenant_metadata, versioned

# Each part is kept as what is shown of it and what it needs, the lists part by part (`services.query.views`).
saved_view = sa.Table(
    "saved_view",
    tenant_metadata,
    *versioned(),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("object_name", TEXT, nullable=False),
    # table, kanban, calendar, gallery, map, tree
    sa.Column("kind", TEXT, nullable=False, server_default="table"),
    # Nobody's where a pack brought it.
    sa.Column("owner_id", UUID, sa.ForeignKey("user.id"), nullable=True),
    # Who sees it beside its owner: everybody, or roles, departments and teams by their ids.
    sa.Column("shared_with", pg.JSONB, nullable=True),
    sa.Column("filter", pg.JSONB, nullable=True),
    sa.Column("order_by", pg.JSONB, nullable=True),
    sa.Column("group_by", pg.JSONB, nullable=True),
    sa.Column("columns", pg.JSONB, nullable=True),
    sa.Column("settings", pg.JSONB, nullable=True),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
    sa.Index(None, "object_name"),
    sa.Index(None, "owner_id"),
)

# Which view of an object comes first: for whoever has a role, or, without one, for everybody.
default_view = sa.Table(
    "default_view",
    tenant_metadata,
    sa.Column("object_name", TEXT, nullable=False),
    sa.Column("role_id", UUID, sa.ForeignKey("role.id", ondelete="CASCADE"), nullable=True),
    sa.Column("view_id", UUID, sa.ForeignKey("saved_view.id", ondelete="CASCADE"), nullable=False),
    moment("created_at"),
    sa.Index(None, "object_name", "role_id", unique=True, postgresql_nulls_not_distinct=True),
    sa.Index(None, "view_id"),
)
