"""Messages to the background as rows, in the transaction that causes them. The relay alone talks to the broker.

A row that names no time takes the database's, so that the clocks of two machines cannot delay it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.sql import render, sql, value

if TYPE_CHECKING:
    from datetime import datetime

    from services.messages import Message
    from tenants.context import Work

# Tenant roles may insert here and nothing else, so nothing is returned.
_PUT = render(
    sql(
        "INSERT INTO kezhi.outbox (id, message, payload, queue, not_before)"
        " VALUES ({id}, {message}, {payload}, {queue}, coalesce({not_before}, now()))",
        id=value("id", "uuid"),
        message=value("message", "text"),
        payload=value("payload", "jsonb"),
        queue=value("queue", "text"),
        not_before=value("not_before", "timestamptz"),
    )
)


async def put(work: Work, message: Message, *, not_before: datetime | None = None, queue: str | None = None) -> None:
    """Hand a message over; it is sent after commit, at the earliest at `not_before`. By default it stands in its own queue."""
    values = {
        "id": work.ids.new(0),
        "message": message.name,
        "payload": message.payload(),
        "queue": queue or message.queue,
        "not_before": not_before,
    }
    await work.session.run(_PUT.bound(work.session.schema, values))
    work.touched.append(message.name)
