"""Why somebody may or may not: rights as they come out, what decides over one record, what tells two roles apart."""

from services.explaining.access import Explanation, Reason, explain_access
from services.explaining.differences import Difference, role_difference
from services.explaining.effective import EffectiveObject, EffectivePermissions, effective_permissions
from services.explaining.sayings import RolePermissions, SharingRule, role_permissions, sharing_rules

__all__ = [
    "Difference",
    "EffectiveObject",
    "EffectivePermissions",
    "Explanation",
    "Reason",
    "RolePermissions",
    "SharingRule",
    "effective_permissions",
    "explain_access",
    "role_difference",
    "role_permissions",
    "sharing_rules",
]
