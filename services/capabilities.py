"""The capabilities of this product: importing this registers their verbs, reactions and subscriptions.

Every process that writes records imports it, so that a write has the same consequences wherever it comes from.
"""

from __future__ import annotations

from services import (
    activities,
    delegations,
    dictionaries,
    files,
    follow_ups,
    hand_over,
    identity,
    layouts,
    leads,
    notifications,
    oauth,
    opportunities,
    quotes,
    roles,
    sharing,
    trusted_documents,
    views,
)

CAPABILITIES = (
    activities,
    delegations,
    dictionaries,
    files,
    follow_ups,
    hand_over,
    identity,
    layouts,
    leads,
    notifications,
    oauth,
    opportunities,
    quotes,
    roles,
    sharing,
    trusted_documents,
    views,
)
