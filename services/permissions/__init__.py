"""Front door of permissions: the policy of a principal, and the values it is made of."""

from services.permissions.actions import (
    ActionNotAllowed,
    Course,
    Decided,
    Part,
    actions,
    courses,
    declare_action,
    require_action,
    wholes,
)
from services.permissions.derived import TELLING, know_sources
from services.permissions.loading import is_read_by_all, policy, policy_of, rights_of
from services.permissions.one_role import policy_of_role
from services.permissions.policy import (
    EVERYONE,
    NO_RIGHTS,
    NOBODY,
    Arm,
    Criteria,
    Everyone,
    Level,
    Mask,
    ObjectRights,
    OwnedBy,
    Policy,
    Scope,
    Shared,
    Verb,
)
from services.permissions.rules import ALWAYS_READABLE, EVERY_OBJECT, Grant, reachable, rights_by_criteria
from services.permissions.stored import Held, held_by
from services.permissions.tokens import narrow_tokens, no_policy

__all__ = [
    "ALWAYS_READABLE",
    "EVERYONE",
    "EVERY_OBJECT",
    "NOBODY",
    "NO_RIGHTS",
    "TELLING",
    "ActionNotAllowed",
    "Arm",
    "Course",
    "Criteria",
    "Decided",
    "Everyone",
    "Grant",
    "Held",
    "Level",
    "Mask",
    "ObjectRights",
    "OwnedBy",
    "Part",
    "Policy",
    "Scope",
    "Shared",
    "Verb",
    "actions",
    "courses",
    "declare_action",
    "held_by",
    "is_read_by_all",
    "know_sources",
    "narrow_tokens",
    "no_policy",
    "policy",
    "policy_of",
    "policy_of_role",
    "reachable",
    "require_action",
    "rights_by_criteria",
    "rights_of",
    "wholes",
]
