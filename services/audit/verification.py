"""Reads a tenant's whole chain again and says where it does not hold: changed, missing, added, cut off, or re-written.

The signed heads come from outside of the tenant's database; without them a chain that was written anew would look sound.
"""

from __future__ import annotations

import asyncio
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services.audit import chain
from services.audit.chain import Break, Head, Link
from tenants import keys

if TYPE_CHECKING:
    import asyncpg

    from tenants.context import ReadWork

_AT_ONCE = 2_000
_SIGNATURES_AT_ONCE = 500
# What stands beside the body for filters and joins, and must say the same.
_TOLD = (
    "id", "created_at", "principal_kind", "principal_id", "client_id", "action", "object_name", "record_id",
    "record_version", "request_id", "address", "agent", "scope",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as the catalog keeps it; `public` is the part of the audit key that anyone may have."""

    head: Head
    public: bytes
    signature: bytes

    @classmethod
    def of(cls, row: asyncpg.Record) -> Self:
        """One out of the catalog's row."""
        return cls(Head(row["seq"], row["hash"]), row["public"], row["signature"])


@dataclass(frozen=True, slots=True)
class Examined:
    """Heads in their order, and those among them that are forged. Made by `examine`; without heads there is nothing to do."""

    heads: tuple[Head, ...] = ()
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """How many entries were checked, how many still wait for their place, and where the chain does not hold."""

    entries: int
    waiting: int
    heads: int
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        """Nothing was found."""
        return not self.breaks

    @property
    def first(self) -> Break | None:
        """The first entry that is not what it was."""
        return min(self.breaks, key=lambda each: each.seq, default=None)


async def examine(tenant_id: UUID, signed: Sequence[SignedHead]) -> Examined:
    """Look at the signatures, before any transaction and beside other work: a tenant gets a head a minute while it is used."""
    breaks: list[Break] = []
    for start in range(0, len(signed), _SIGNATURES_AT_ONCE):
        breaks += await asyncio.to_thread(_forged, tenant_id, signed[start : start + _SIGNATURES_AT_ONCE])
    return Examined(tuple(sorted((each.head for each in signed), key=lambda each: each.seq)), tuple(breaks))


async def verify(work: ReadWork, examined: Examined) -> Verification:
    """Walk the chain from its first entry."""
    found, heads = list(examined.breaks), examined.heads
    places = [each.seq for each in heads]
    head, entries = chain.origin(work.placement.tenant_id), 0
    while rows := await work.session.rows(_after(head.seq)):
        links = [Link(row["seq"], row["prev_hash"], row["hash"], row["body"]) for row in rows]
        # Those within these links, and the one before them.
        within = slice(max(bisect_right(places, head.seq) - 1, 0), bisect_right(places, links[-1].seq))
        head, breaks = chain.breaks(head, links, heads[within])
        found += breaks
        found += [Break(row["seq"], "its columns and its body differ") for row in rows if not _agrees(row)]
        entries += len(rows)
    waiting = await work.session.scalar(_unsequenced())
    return Verification(entries, waiting, len(heads), (*found, *chain.cut_off(head, heads)))


def _forged(tenant_id: UUID, signed: Sequence[SignedHead]) -> list[Break]:
    return [
        Break(each.head.seq, "the signature of this head is not genuine")
        for each in signed
        if not keys.is_genuine(each.public, chain.statement(tenant_id, each.head), each.signature)
    ]


def _agrees(row: asyncpg.Record) -> bool:
    told: Mapping[str, object] = json.loads(row["body"])
    return all(_same(told.get(name), row[name]) for name in _TOLD)


def _same(told: object, stored: object) -> bool:
    match stored:
        case UUID():
            return told == str(stored)
        case datetime():
            return datetime.fromisoformat(str(told)) == stored
        case _:
            return told == stored


def _after(seq: int) -> sa.Select[tuple[object, ...]]:
    columns = (audit_entry.c[name] for name in ("seq", "prev_hash", "hash", "body", *_TOLD))
    return sa.select(*columns).where(audit_entry.c.seq > seq).order_by(audit_entry.c.seq).limit(_AT_ONCE)


def _unsequenced() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(audit_entry).where(audit_entry.c.seq.is_(None))
