"""The queues and what each may hold. A queue waits for nothing that stands in another one.

People wait for what is in `default`. What comes for every tenant at once, by the calendar, is in `bulk`: ten thousand
tenants' cleaning must not stand before one reminder.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.messages import BULK, DEFAULT


@dataclass(frozen=True, slots=True)
class Queue:
    """At most `per_tenant` messages of one tenant, and `in_flight` of one cell, are with the broker and its workers.

    The rest waits in the outbox, where it is fair.
    """

    name: str
    per_tenant: int
    in_flight: int


QUEUES = (Queue(DEFAULT, per_tenant=4, in_flight=64), Queue(BULK, per_tenant=1, in_flight=16))
