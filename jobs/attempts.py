"""The life of one outbox row as statements: waiting → sent → running → done, waiting again, or parked.

Starts are counted before execution, so that a message that kills its worker is known by its count. Nothing here
executes, and every comparison of time is made by the database, so that processes with different clocks agree.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.cells import outbox, ticks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    import asyncpg

# A run says so every second that it lives; after five seconds of silence its message is sent again.
RUN_LEASE = timedelta(seconds=5)
BEAT = timedelta(seconds=1)
# Two starts without an end may be bad luck; the third is quarantined instead of executed.
STARTS_WITHOUT_END = 2
QUARANTINED = "STARTED_TWICE_WITHOUT_END"
# How long a message that asks for another try waits, by the number of tries that it already had.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 18000, 36000, 36000))
KEEP_DONE = timedelta(days=7)
KEEP_PARKED = timedelta(days=90)
KEEP_TICKS = timedelta(days=2)
CLEAN_AT_ONCE = 5_000
_LISTED = 1_000


class RowState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    SENT = "sent"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


def start(message_id: UUID) -> sa.Update:
    """Count a start and take the lease; no row means that somebody else has it or had it.

    A message that the broker delivers twice, or after its row was done, finds no row.
    """
    startable = is_in(outbox, RowState.SENT, RowState.WAITING)
    return (
        sa
        .update(outbox)
        .where(outbox.c.id == message_id, startable, outbox.c.not_before <= sa.func.now())
        .values(
            attempts=outbox.c.attempts + 1,
            sends=0,
            state=RowState.RUNNING,
            reason=None,
            lease_until=sa.func.now() + RUN_LEASE,
        )
        .returning(outbox.c.tenant, outbox.c.message, outbox.c.payload, outbox.c.attempts, outbox.c.retries)
    )


def is_poison(started: asyncpg.Record) -> bool:
    """Whether what was started is to be parked instead of executed. Until then its lease says that somebody sees to it."""
    return bool(started["attempts"] - started["retries"] > STARTS_WITHOUT_END)


def beat(message_ids: Sequence[UUID]) -> sa.Update:
    """The runs of one process are alive."""
    return (
        sa
        .update(outbox)
        .where(
            outbox.c.id == sa.any_(sa.literal(list(message_ids), pg.ARRAY(pg.UUID))), is_in(outbox, RowState.RUNNING)
        )
        .values(lease_until=sa.func.now() + RUN_LEASE)
    )


def finish(message_id: UUID) -> sa.Update:
    """The verb is through. True whoever ran it, so a run that was given up for dead may still say so."""
    return (
        sa
        .update(outbox)
        .where(outbox.c.id == message_id, outbox.c.state != RowState.DONE)
        .values(state=RowState.DONE, finished_at=sa.func.now(), lease_until=None, reason=None)
    )


def retry(message_id: UUID, *, attempt: int, delay: timedelta, reason: str) -> sa.Update:
    """Ended by asking for another try later. `attempt` fences off a run that was given up for dead."""
    return (
        sa
        .update(outbox)
        .where(outbox.c.id == message_id, is_in(outbox, RowState.RUNNING), outbox.c.attempts == attempt)
        .values(
            state=RowState.WAITING,
            retries=outbox.c.retries + 1,
            not_before=sa.func.now() + delay,
            lease_until=None,
            reason=reason,
        )
    )


def hand_back(message_id: UUID, *, attempt: int) -> sa.Update:
    """The worker stops before the end: the message waits again as if it had never been started."""
    return (
        sa
        .update(outbox)
        .where(outbox.c.id == message_id, is_in(outbox, RowState.RUNNING), outbox.c.attempts == attempt)
        .values(state=RowState.WAITING, attempts=outbox.c.attempts - 1, lease_until=None)
    )


def park(message_id: UUID, *, attempt: int, reason: str) -> sa.Update:
    """Ended for good without success; the row stays for the operator."""
    return (
        sa
        .update(outbox)
        .where(outbox.c.id == message_id, is_in(outbox, RowState.RUNNING), outbox.c.attempts == attempt)
        .values(state=RowState.PARKED, finished_at=sa.func.now(), lease_until=None, reason=reason)
    )


def parked() -> sa.Select[tuple[object, ...]]:
    """The messages that were parked last."""
    return (
        sa
        .select(
            *(outbox.c.id, outbox.c.tenant, outbox.c.message, outbox.c.payload),
            *(outbox.c.reason, outbox.c.attempts, outbox.c.finished_at),
        )
        .where(is_in(outbox, RowState.PARKED), outbox.c.finished_at.is_not(None))
        .order_by(outbox.c.finished_at.desc(), outbox.c.id)
        .limit(_LISTED)
    )


def replay(message_id: UUID) -> sa.Update:
    """An operator lets a parked message wait again, with nothing held against it."""
    return (
        sa
        .update(outbox)
        .where(outbox.c.id == message_id, is_in(outbox, RowState.PARKED))
        .values(
            state=RowState.WAITING,
            attempts=0,
            retries=0,
            sends=0,
            not_before=sa.func.now(),
            finished_at=None,
            reason=None,
        )
    )


def clean(*, at_once: int = CLEAN_AT_ONCE) -> tuple[sa.Delete, ...]:
    """Old rows go, of messages in one state so many at once: to be done again until fewer went."""
    return (
        _clean_outbox(RowState.DONE, KEEP_DONE, at_once),
        _clean_outbox(RowState.PARKED, KEEP_PARKED, at_once),
        sa.delete(ticks).where(ticks.c.at < sa.func.now() - KEEP_TICKS),
    )


def backoff(retries: int) -> timedelta | None:
    """How long to wait before the next try, or nothing when there were enough."""
    return BACKOFF[retries] if retries < len(BACKOFF) else None


def _clean_outbox(state: RowState, keep: timedelta, at_once: int) -> sa.Delete:
    old = sa.select(outbox.c.id).where(outbox.c.finished_at < sa.func.now() - keep, is_in(outbox, state)).limit(at_once)
    return sa.delete(outbox).where(outbox.c.id.in_(old))


def is_in(table: sa.FromClause, *states: RowState) -> sa.ColumnElement[bool]:
    """The row is in one of these states, as text of the statement: partial indexes are chosen by it."""
    return sa.or_(*(table.c.state == sa.literal_column(f"'{state}'") for state in states))
