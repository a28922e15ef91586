"""Departments, teams, users, roles, what they may do, which records are shared. All but shares move `access_version`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.base import TEXT, UUID, identity, moment, tenant_metadata, versioned

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

# Further departments that a user sits in, beside the one in the user's row.
department_member = sa.Table(
    "department_member",
    tenant_metadata,
    sa.Column("department_id", UUID, sa.ForeignKey("department.id"), primary_key=True),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), primary_key=True),
    moment("created_at"),
    sa.Index(None, "user_id"),
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

# People who work together across departments; records are shared with them.
team = sa.Table("team", tenant_metadata, *versioned(), sa.Column("name", TEXT, nullable=False, unique=True))

team_member = sa.Table(
    "team_member",
    tenant_metadata,
    sa.Column("team_id", UUID, sa.ForeignKey("team.id"), primary_key=True),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), primary_key=True),
    moment("created_at"),
    sa.Index(None, "user_id"),
)

# For a time one user reaches what another one owns, as far as the own roles go.
delegation = sa.Table(
    "delegation",
    tenant_metadata,
    *versioned(),
    sa.Column("from_user_id", UUID, sa.ForeignKey("user.id"), nullable=False),
    sa.Column("to_user_id", UUID, sa.ForeignKey("user.id"), nullable=False),
    moment("starts_at"),
    moment("ends_at"),
    sa.Index(None, "to_user_id", "ends_at"),
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
# Scopes: none, own, team, department, tree, all. `assign_scope` is to whom records may be given beyond `update_scope`.
object_permission = sa.Table(
    "object_permission",
    tenant_metadata,
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), primary_key=True),
    sa.Column("object_name", TEXT, primary_key=True),
    sa.Column("can_create", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("read_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("update_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("delete_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("can_import", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("export_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("share_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("merge_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("bulk_scope", TEXT, nullable=False, server_default="none"),
    sa.Column("assign_scope", TEXT, nullable=False, server_default="none"),
)

# Named actions (`lead.convert`) that a role has.
action_permission = sa.Table(
    "action_permission",
    tenant_metadata,
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), primary_key=True),
    sa.Column("action", TEXT, primary_key=True),
)

# What nobody with a role may do, whatever other roles grant: a verb (then `field_name` and `level` are empty), or one
# field further than a level.
restriction = sa.Table(
    "restriction",
    tenant_metadata,
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), primary_key=True),
    sa.Column("object_name", TEXT, primary_key=True),
    sa.Column("verb", TEXT, primary_key=True),
    sa.Column("field_name", TEXT, primary_key=True),
    sa.Column("level", TEXT, nullable=False, server_default=""),
)

# How far a role opens one field where that is not all the way: none, masked, read, write. `mask` is the kind of mask.
field_permission = sa.Table(
    "field_permission",
    tenant_metadata,
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), primary_key=True),
    sa.Column("object_name", TEXT, primary_key=True),
    sa.Column("field_name", TEXT, primary_key=True),
    sa.Column("level", TEXT, nullable=False),
    sa.Column("mask", TEXT, nullable=False, server_default=""),
)

# Who is meant: exactly one of these columns is filled.
_GRANTEE = ("user_id", "department_id", "team_id")


def _one_of(*columns: str) -> sa.CheckConstraint:
    counted = " + ".join(f"({each} IS NOT NULL)::integer" for each in columns)
    return sa.CheckConstraint(f"{counted} = 1", name="grantee")


# Records that somebody reaches because of what stands in them: everybody with a role, or, by a sharing rule, a user, a
# department and those below it, or a team. `condition` is a filter of a plan as JSON (`services.query.criteria`);
# `reach` is read, update or delete, each of which holds those before it.
criteria_rule = sa.Table(
    "criteria_rule",
    tenant_metadata,
    identity(),
    sa.Column("role_id", UUID, sa.ForeignKey("role.id"), nullable=True),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), nullable=True),
    sa.Column("department_id", UUID, sa.ForeignKey("department.id"), nullable=True),
    sa.Column("team_id", UUID, sa.ForeignKey("team.id"), nullable=True),
    sa.Column("object_name", TEXT, nullable=False),
    sa.Column("reach", TEXT, nullable=False),
    sa.Column("condition", pg.JSONB, nullable=False),
    _one_of("role_id", *_GRANTEE),
    sa.Index(None, "role_id"),
)

# One record opened to a user, a team, or a department and those below it. Not part of a policy: it moves no version.
record_share = sa.Table(
    "record_share",
    tenant_metadata,
    identity(),
    sa.Column("object_number", sa.Integer, nullable=False),
    sa.Column("record_id", UUID, nullable=False),
    sa.Column("user_id", UUID, sa.ForeignKey("user.id"), nullable=True),
    sa.Column("department_id", UUID, sa.ForeignKey("department.id"), nullable=True),
    sa.Column("team_id", UUID, sa.ForeignKey("team.id"), nullable=True),
    sa.Column("reach", TEXT, nullable=False),
    moment("expires_at", nullable=True),
    moment("created_at"),
    _one_of(*_GRANTEE),
    sa.Index(None, "user_id", "object_number"),
    sa.Index(None, "department_id", "object_number"),
    sa.Index(None, "team_id", "object_number"),
    # Sharing again replaces: of one record and one grantee there is one row.
    sa.Index(None, "record_id", *_GRANTEE, unique=True, postgresql_nulls_not_distinct=True),
)
