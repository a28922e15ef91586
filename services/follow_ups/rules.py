"""When a customer is due for a follow-up: seven days after the last activity, or after it came without one. Pure.

Timers are armed lazily: an activity that moves the due time later moves no timer; the timer fires early, and who looks
arms it anew. Only what moves the due time earlier arms at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

PERIOD = timedelta(days=7)
# An activity as fresh as this moves nothing: the armed timer comes at most so much later than it should.
FRESH = timedelta(hours=1)


def timer_key(customer_id: UUID) -> str:
    """The one timer of a customer."""
    return f"followup:{customer_id}"


def due_after(basis: datetime) -> datetime:
    """When a follow-up is due after the last activity, or after the customer came."""
    return basis + PERIOD


def due_after_move(old: datetime | None, new: datetime | None, *, now: datetime) -> datetime | None:
    """When to look at a customer whose last activity moved from `old` to `new`; nothing if the armed timer will do."""
    if new is None:
        return now
    if old is None:
        # Until now it was due by the day on which it came, which is at most now.
        return max(due_after(new), now) if new < now - FRESH else None
    return max(due_after(new), now) if new < old else None


def spread(customer_id: UUID, due: datetime, *, now: datetime) -> datetime:
    """For records that the platform loads: what is overdue on arrival is spread over one period.

    So the history of a thousand customers does not fill every inbox at once. The place of a customer is always the same.
    """
    return due if due > now else now + timedelta(seconds=customer_id.int % int(PERIOD.total_seconds()))
