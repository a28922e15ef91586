"""Standing in for somebody, for a time."""

from services.delegations import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.delegations.delegations import delegate, end_delegation

__all__ = ["delegate", "end_delegation"]
