"""Roles as an administrator shapes them: what they grant on objects, fields and records, and what they restrict."""

from services.roles import usages as _usages  # noqa: F401 - importing it tells what roles say of a field
from services.roles import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.roles.acting import grant_action, revoke_action
from services.roles.defining import copy_role, create_role, delete_role, update_role
from services.roles.granting import (
    REACH,
    close_records,
    kept_filter,
    lift_restriction,
    open_records,
    remove_object_permission,
    restrict_role,
    set_field_permission,
    set_object_permission,
)

__all__ = [
    "REACH",
    "close_records",
    "copy_role",
    "create_role",
    "delete_role",
    "grant_action",
    "kept_filter",
    "lift_restriction",
    "open_records",
    "remove_object_permission",
    "restrict_role",
    "revoke_action",
    "set_field_permission",
    "set_object_permission",
    "update_role",
]
