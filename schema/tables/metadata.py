"""Where a tenant's definitions are stored: objects, fields, choices, indexes, installed packs, and the one-row `state`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, identity, moment, tenant_metadata, versioned

# The truth about versions, changed in the same transaction as what it describes.
state = sa.Table(
    "state",
    tenant_metadata,
    sa.Column(
        "only", sa.Boolean, sa.CheckConstraint('"only"', name="only"), primary_key=True, server_default=sa.true()
    ),
    sa.Column("schema_version", TEXT, nullable=False),
    sa.Column("metadata_version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("access_version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("fenced", sa.Boolean, nullable=False, server_default=sa.false()),
)

tenant_setting = sa.Table(
    "tenant_setting",
    tenant_metadata,
    sa.Column(
        "only", sa.Boolean, sa.CheckConstraint('"only"', name="only"), primary_key=True, server_default=sa.true()
    ),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("zone", TEXT, nullable=False, server_default="Asia/Shanghai"),
    sa.Column("language", TEXT, nullable=False, server_default="zh"),
    sa.Column("phone_region", TEXT, nullable=False, server_default="CN"),
    sa.Column("currency", sa.CHAR(3), nullable=False, server_default="CNY"),
    sa.Column("trusted_only", sa.Boolean, nullable=False, server_default=sa.false()),
)

object_definition = sa.Table(
    "object_definition",
    tenant_metadata,
    *versioned(),
    sa.Column("number", sa.SmallInteger, nullable=False, unique=True),
    sa.Column("name", TEXT, nullable=False, unique=True),
    sa.Column("plural_name", TEXT, nullable=False, unique=True),
    sa.Column("table_name", TEXT, nullable=False, unique=True),
    sa.Column("label_zh", TEXT, nullable=False),
    sa.Column("label_en", TEXT, nullable=False),
    sa.Column("plural_label_zh", TEXT, nullable=False),
    sa.Column("plural_label_en", TEXT, nullable=False),
    sa.Column("title_field", TEXT, nullable=False, server_default=""),
    sa.Column("state", TEXT, nullable=False, server_default="live"),
    moment("retired_at", nullable=True),
    sa.Column("audit_reads", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    # The pack's last value of each property, beside the tenant's: the base of the three-way merge of an upgrade.
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
)

field_definition = sa.Table(
    "field_definition",
    tenant_metadata,
    *versioned(),
    sa.Column("object_id", UUID, sa.ForeignKey("object_definition.id"), nullable=False),
    # Never reused within an object; the key of history rows and search keys.
    sa.Column("number", sa.SmallInteger, nullable=False),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("column_name", TEXT, nullable=False),
    sa.Column("type", TEXT, nullable=False),
    sa.Column("label_zh", TEXT, nullable=False),
    sa.Column("label_en", TEXT, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", TEXT, nullable=False, server_default="live"),
    moment("retired_at", nullable=True),
    sa.Column("required", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("is_unique", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("is_indexed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("read_only", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("audit_reads", sa.Boolean, nullable=False, server_default=sa.false()),
    # Lengths, range, scale, auto-number format, default: the options of the field's type, checked by it.
    sa.Column("options", pg.JSONB, nullable=False, server_default="{}"),
    sa.Column("target_object", TEXT, nullable=True),
    sa.Column("inverse_name", TEXT, nullable=True),
    sa.Column("inverse_label_zh", TEXT, nullable=True),
    sa.Column("inverse_label_en", TEXT, nullable=True),
    sa.Column("delete_rule", TEXT, nullable=True),
    # Conditions as text and as checked trees, for forms as well as for the write path.
    sa.Column("required_if", TEXT, nullable=True),
    sa.Column("required_if_tree", pg.JSONB, nullable=True),
    sa.Column("visible_if", TEXT, nullable=True),
    sa.Column("visible_if_tree", pg.JSONB, nullable=True),
    sa.Column("read_only_if", TEXT, nullable=True),
    sa.Column("read_only_if_tree", pg.JSONB, nullable=True),
    # The choice field that decides which choices are offered here: `{key of that one: [keys offered]}`.
    sa.Column("offered_by", TEXT, nullable=True),
    sa.Column("offered", pg.JSONB, nullable=True),
    # Of the relation of a line to its head: the field that orders the lines.
    sa.Column("lines_by", TEXT, nullable=True),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
    sa.UniqueConstraint("object_id", "number"),
    sa.UniqueConstraint("object_id", "name"),
    sa.UniqueConstraint("object_id", "column_name"),
)

choice_option = sa.Table(
    "choice_option",
    tenant_metadata,
    identity(),
    sa.Column("field_id", UUID, sa.ForeignKey("field_definition.id"), nullable=False),
    sa.Column("key", TEXT, nullable=False),
    sa.Column("label_zh", TEXT, nullable=False),
    sa.Column("label_en", TEXT, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
    sa.UniqueConstraint("field_id", "key"),
)

# What must not be false of the records of an object.
validation_rule = sa.Table(
    "validation_rule",
    tenant_metadata,
    *versioned(),
    sa.Column("object_id", UUID, sa.ForeignKey("object_definition.id"), nullable=False),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("expression", TEXT, nullable=False),
    sa.Column("tree", pg.JSONB, nullable=False),
    sa.Column("message_zh", TEXT, nullable=False),
    sa.Column("message_en", TEXT, nullable=False),
    # The fields that a violation is told of.
    sa.Column("fields", pg.ARRAY(TEXT), nullable=False),
    sa.Column("state", TEXT, nullable=False, server_default="live"),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
    sa.UniqueConstraint("object_id", "name"),
)

# What the tenant asked to be indexed or unique over one or several fields, beyond `is_indexed` and `is_unique`.
index_definition = sa.Table(
    "index_definition",
    tenant_metadata,
    identity(),
    sa.Column("object_id", UUID, sa.ForeignKey("object_definition.id"), nullable=False),
    sa.Column("name", TEXT, nullable=False, unique=True),
    sa.Column("fields", pg.ARRAY(TEXT), nullable=False),
    sa.Column("is_unique", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("state", TEXT, nullable=False, server_default="live"),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
    sa.Column("pack_values", pg.JSONB, nullable=False, server_default="{}"),
)

pack_installation = sa.Table(
    "pack_installation",
    tenant_metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    moment("installed_at"),
    # Properties where the tenant's value won over a newer one of the pack.
    sa.Column("conflicts", pg.JSONB, nullable=False, server_default="[]"),
    # A digest of what that version brought: so another pack of the same name is told apart.
    sa.Column("content", TEXT, nullable=False, server_default=""),
)

# Whoever takes turns at something that has no row of its own locks one here.
value_lock = sa.Table("value_lock", tenant_metadata, sa.Column("hash", sa.LargeBinary, primary_key=True))

# Auto-numbers whose format holds a period count here; the others use a sequence.
number_counter = sa.Table(
    "number_counter",
    tenant_metadata,
    sa.Column("field_id", UUID, primary_key=True),
    sa.Column("period", TEXT, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)
