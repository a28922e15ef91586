"""Layouts: how the form of an object is arranged, for everybody or a role, and for a stage of its records."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, tenant_metadata, versioned

# Sections with their fields, conditions as text and as tree (`services.layouts.sections`).
layout = sa.Table(
    "layout",
    tenant_metadata,
    *versioned(),
    sa.Column("object_name", TEXT, nullable=False),
    sa.Column("role_id", UUID, sa.ForeignKey("role.id", ondelete="CASCADE"), nullable=True),
    # The choice field whose value is the stage, and the value; both empty for every stage.
    sa.Column("stage_field", TEXT, nullable=False, server_default=""),
    sa.Column("stage", TEXT, nullable=False, server_default=""),
    sa.Column("sections", pg.JSONB, nullable=False),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
    sa.Index(None, "object_name", "role_id", "stage_field", "stage", unique=True, postgresql_nulls_not_distinct=True),
)
