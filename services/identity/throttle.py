"""The brute-force throttle: attempts are counted before a password is checked, per mail address and per network address.

Counting first means that a hundred attempts at once, or in one document, are a hundred. A sign-in that succeeds takes
its own attempt back. Keys are hashes, so the table tells nobody who tried to sign in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.identity import sign_in_failure
from services import audit
from services.identity.errors import SignInBlocked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.sql.dml import ReturningInsert

    from tenants.context import Work

FIRST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)
# Failures older than this are forgotten. Longer than the longest block, else waiting it out would start afresh.
MEMORY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts one kind of key has before it is blocked for a while."""

    kind: str
    attempts: int


PER_MAIL = Limit("mail", 5)
# Of one client from one network address, so that nobody elsewhere can block it.
PER_CLIENT = Limit("client", 5)
# A whole office may share one network address.
PER_ADDRESS = Limit("address", 100)


@dataclass(frozen=True, slots=True)
class Block:
    """One that this attempt began: of which kind of key, and for how long. It is told once, not at each further attempt."""

    kind: str
    seconds: int

    def entry(self, action: str, object_name: str, record_id: UUID | None) -> audit.Entry:
        """What the audit says of it."""
        return audit.Entry(action, object_name, record_id, details={"by": self.kind, "seconds": self.seconds})


def block_after(attempts: int, limit: Limit) -> timedelta:
    """How long a key is blocked after so many attempts: nothing, then doubling from 30 seconds to 15 minutes."""
    over = attempts - limit.attempts
    if over < 0:
        return timedelta(0)
    return min(FIRST_BLOCK * (1 << min(over, 10)), LONGEST_BLOCK)


async def count_attempt(work: Work, who: str, per: Limit = PER_MAIL) -> list[Block]:
    """Count one attempt on both keys, and answer what that blocks; raise if either is blocked, and then count nothing."""
    keys = _keys(who, per, work.origin.address)
    counted = {row["key"]: row["failures"] for row in await work.session.rows(_count(keys, work.now))}
    if len(counted) < len(keys):
        blocked_until = await work.session.scalar(_blocked_until(keys))
        raise SignInBlocked(seconds=max(1, round((blocked_until - work.now).total_seconds())))
    begun = []
    for key, limit in keys:
        block = block_after(counted[key], limit)
        if block:
            await work.session.execute(_block(key, work.now + block))
            begun.append(Block(limit.kind, round(block.total_seconds())))
    return begun


async def take_back(work: Work, who: str, per: Limit = PER_MAIL) -> None:
    """The attempt was right: forget the failures of who tried, and take this one attempt from the network address."""
    for key, limit in _keys(who, per, work.origin.address):
        await work.session.execute(_forget(key) if limit is per else _lower(key, limit))


def _keys(who: str, per: Limit, address: str) -> Sequence[tuple[bytes, Limit]]:
    keys = [(_key(per, who), per)]
    if address:
        keys.append((_key(PER_ADDRESS, address), PER_ADDRESS))
    # Always the same order of locks, so that two attempts cannot wait for each other.
    return sorted(keys, key=lambda each: each[0])


def _key(limit: Limit, text: str) -> bytes:
    return hashlib.sha256(f"{limit.kind}:{text}".encode("utf-8", "surrogatepass")).digest()


def _count(keys: Sequence[tuple[bytes, Limit]], now: datetime) -> ReturningInsert[bytes, int]:
    insert = pg.insert(sign_in_failure).values([{"key": key, "failures": 1, "last_at": now} for key, _ in keys])
    column = sign_in_failure.c
    return insert.on_conflict_do_update(
        index_elements=[column.key],
        set_={
            "failures": sa.case((column.last_at < now - MEMORY, 1), else_=column.failures + 1),
            "last_at": now,
            "blocked_until": None,
        },
        where=sa.or_(column.blocked_until.is_(None), column.blocked_until <= now),
    ).returning(column.key, column.failures)


def _blocked_until(keys: Sequence[tuple[bytes, Limit]]) -> sa.Select[datetime]:
    column = sign_in_failure.c
    return sa.select(sa.func.max(column.blocked_until)).where(column.key.in_([key for key, _ in keys]))


def _block(key: bytes, until: datetime) -> sa.Update:
    return sa.update(sign_in_failure).where(sign_in_failure.c.key == key).values(blocked_until=until)


def _forget(key: bytes) -> sa.Delete:
    return sa.delete(sign_in_failure).where(sign_in_failure.c.key == key)


def _lower(key: bytes, limit: Limit) -> sa.Update:
    column = sign_in_failure.c
    left = sa.func.greatest(column.failures - 1, 0)
    return (
        sa
        .update(sign_in_failure)
        .where(column.key == key)
        .values(failures=left, blocked_until=sa.case((left < limit.attempts, None), else_=column.blocked_until))
    )
