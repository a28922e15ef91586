"""Departments, users, roles and what roles may do. Moving any of these moves `state.access_version`."""

from __future__ import annotations

import sqlalchemy as sa

from schema.tables.base import TEXT, UUID, moment, tenant_metadata, versioned

department = sa.Table(
    "department",
    tenant_metadata,
    *versioned(),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("parent_id", UUID, sa.ForeignKey("department.id"), nullable=True),
    sa.Column("manager_id", UUID, sa.ForeignKey("user.id", use_alter=True), nullable=True),
)

# Every (ancestor, descendant) pair, each department with itself at depth 0.
department_closure = sa.Table(
    "department_closure",
    tenant_metadata,
    sa.Column("ancestor_id", UUID, sa.ForeignKey("department.id"), primary_key=True),
    sa.Column("descendant_id", UUID, sa.ForeignKey("department.id"), primary_key=True),
    sa.Column("depth", sa.Integer, nullable=False),
    sa.Index(None, "descendant_id", "depth"),
)

user = sa.Table(
    "user",
    tenant_metadata,
    *versioned(),
    sa.Column("email", TEXT, nullable=False, unique=True),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("name_sort", TEXT, nullable=False),
    sa.Column("phone", TEXT, nullable=True),
    sa.Column("title", TEXT, nullable=True),
    sa.Column("password_hash", TEXT, nullable=True),
    sa.Column("department_id", UUID, sa.ForeignKey("department.id"), nullable=True),
    sa.Column("language", TEXT, nullable=True),
    sa.Column("zone", TEXT, nullable=True),
    sa.Column("state", TEXT, nullable=False, server_default="active"),
    sa.Index(None, "department_id"),
)

role = sa.Table(
    "role",
    tenant_metadata,
    *versioned(),
    sa.Column("name", TEXT, nullable=False, unique=True),
    sa.Column("label_zh", TEXT, nullable=False),
    sa.Column("label_en", TEXT, nullable=False),
    sa.Column("is_admin", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("pack", TEXT, nullable=False, server_default=""),
)

role_member = sa.Table(
    "role_member",
    tenant_metadata,
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), primary_key=True),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), primary_key=True),
    moment("created_at"),
    sa.Index(None, "user_id"),
)

# One row per role and object. `object_name` may be `*`: every pack and custom object without a row of its own.
# Scopes: none, own, team, department, tree, all.
object_permission = sa.Table(
    "object_permission",
    tenant_metadata,
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), primary_key=True),
    sa.Column("object_name", TEXT, primary_key=True),
    sa.Column("can_create", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("read_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("update_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("delete_scope", TEXT, nullable=False, server_default="none"),
)
