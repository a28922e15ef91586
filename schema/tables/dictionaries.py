"""Dictionaries: lists of values that are kept once, and offered by every choice field that names one of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, tenant_metadata, versioned

dictionary = sa.Table(
    "dictionary",
    tenant_metadata,
    *versioned(),
    # What the option `dictionary` of a field says.
    sa.Column("name", TEXT, nullable=False, unique=True),
    sa.Column("label_zh", TEXT, nullable=False),
    sa.Column("label_en", TEXT, nullable=False),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
)

# The choices of the fields that use a dictionary are copies of its entries, which its verbs keep alike.
dictionary_entry = sa.Table(
    "dictionary_entry",
    tenant_metadata,
    *versioned(),
    sa.Column("dictionary_id", UUID, sa.ForeignKey("dictionary.id", ondelete="CASCADE"), nullable=False),
    sa.Column("key", TEXT, nullable=False),
    sa.Column("label_zh", TEXT, nullable=False),
    sa.Column("label_en", TEXT, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("parent_id", UUID, sa.ForeignKey("dictionary_entry.id"), nullable=True),
    # The entry that its records went to.
    sa.Column("merged_into_id", UUID, sa.ForeignKey("dictionary_entry.id"), nullable=True),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
    sa.UniqueConstraint("dictionary_id", "key"),
)
