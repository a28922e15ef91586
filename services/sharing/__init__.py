"""Records opened to others than their owners: one by one for a time, and by rules over what stands in them."""

from services.sharing import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.sharing.rules import create_sharing_rule, delete_sharing_rule
from services.sharing.shares import Share, forget_old, share_record, shares_of, unshare_record

__all__ = [
    "Share",
    "create_sharing_rule",
    "delete_sharing_rule",
    "forget_old",
    "share_record",
    "shares_of",
    "unshare_record",
]
