"""Activities: what was done with a customer. Importing this keeps `customer.lastActivityAt` true."""

from services.activities.last_activity import keep_last_activity

__all__ = ["keep_last_activity"]
