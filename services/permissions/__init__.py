"""Front door of permissions: the policy of a principal, and the values it is made of."""

from services.permissions.loading import policy
from services.permissions.policy import (
    EVERYONE,
    NO_RIGHTS,
    NOBODY,
    Arm,
    Criteria,
    Everyone,
    Level,
    ObjectRights,
    OwnedBy,
    Policy,
    Scope,
    Shared,
    Verb,
)

__all__ = [
    "EVERYONE",
    "NOBODY",
    "NO_RIGHTS",
    "Arm",
    "Criteria",
    "Everyone",
    "Level",
    "ObjectRights",
    "OwnedBy",
    "Policy",
    "Scope",
    "Shared",
    "Verb",
    "policy",
]
