"""Arms the timer of a customer in the transaction that makes it due at another time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from services import records, timers
from services.events import Kind
from services.follow_ups import rules
from services.follow_ups.messages import RemindFollowUp
from services.timers import Timer
from tenants.context import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from services.records import WrittenSet
    from tenants.context import Work


@records.on_written("customer")
async def keep_timers(work: Work, written: WrittenSet) -> None:
    """A customer that came, or whose last activity moved back, is looked at in time; one that is gone is not."""
    match written.kind:
        case Kind.CREATED:
            await _arm(work, dict.fromkeys(written.ids, rules.due_after(work.now)))
        case Kind.RESTORED:
            await _arm(work, dict.fromkeys(written.ids, work.now))
        case Kind.UPDATED | Kind.DERIVED:
            await _arm(work, _moved(work, written))
        case Kind.DELETED | Kind.DESTROYED:
            await timers.cancel(work, *(rules.timer_key(customer_id) for customer_id in written.ids))


def _moved(work: Work, written: WrittenSet) -> Mapping[UUID, datetime]:
    moves = cast("Mapping[UUID, tuple[datetime | None, datetime | None]]", written.moved("lastActivityAt"))
    dues = {customer_id: rules.due_after_move(old, new, now=work.now) for customer_id, (old, new) in moves.items()}
    return {customer_id: due for customer_id, due in dues.items() if due is not None}


async def _arm(work: Work, dues: Mapping[UUID, datetime]) -> None:
    if dues and work.principal.kind is PrincipalKind.SYSTEM:
        # What the platform loads may tell of the past, and `work.now` with it; timers live in the present.
        present = max(work.now, await work.session.scalar(sa.select(sa.func.now())))
        dues = {customer_id: rules.spread(customer_id, due, now=present) for customer_id, due in dues.items()}
    await timers.arm_all(
        work,
        [Timer(rules.timer_key(customer_id), due, RemindFollowUp(customer_id)) for customer_id, due in dues.items()],
    )
