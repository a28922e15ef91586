"""Something to happen later, under a key: arming again moves it, so a follow-up timer is one row for ever.

Tenants only insert requests; the relay folds them into the cell's timers in the order of their ids.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.sql import render, sql, value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from services.messages import Message
    from tenants.context import Work

_REQUEST = render(
    sql(
        "INSERT INTO kezhi.timer_request (id, key, due, message, payload)"
        " SELECT id, key, due, message, payload FROM json_to_recordset({rows})"
        " AS row (id uuid, key text, due timestamptz, message text, payload jsonb) ORDER BY id",
        rows=value("rows", "json"),
    )
)


@dataclass(frozen=True, slots=True)
class Timer:
    """One timer to arm. `message` is sent when it is due."""

    key: str
    due: datetime
    message: Message


async def arm(work: Work, key: str, due: datetime, message: Message) -> None:
    """Arm or move the timer of a key."""
    await arm_all(work, (Timer(key, due, message),))


async def arm_all(work: Work, timers: Sequence[Timer]) -> None:
    """Arm or move many timers at once."""
    await _request(
        work, [(each.key, each.due.isoformat(), each.message.name, each.message.payload()) for each in timers]
    )


async def cancel(work: Work, *keys: str) -> None:
    """Cancel the timers of these keys; one that is not armed stays so."""
    await _request(work, [(key, None, "", "{}") for key in keys])


async def _request(work: Work, requests: Sequence[tuple[str, str | None, str, str]]) -> None:
    if not requests:
        return
    rows = [
        {"id": str(work.ids.new(0)), "key": key, "due": due, "message": message, "payload": json.loads(payload)}
        for key, due, message, payload in requests
    ]
    bound = _REQUEST.bound(work.session.schema, {"rows": json.dumps(rows, ensure_ascii=False)})
    await work.session.run(bound)
    work.touched.append("timer")
