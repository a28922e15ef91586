"""The hash chain over a tenant's audit entries, and what its signed heads say. Pure: bytes in, bytes out.

A link covers its number, the link before it and the exact bytes that were stored, so a changed, removed, added or moved
entry breaks the chain; a chain cut off or written anew no longer meets its signed heads, which stand outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

_START = b"kezhi audit chain\0"
_HEAD = b"kezhi audit head\0"
_SEQUENCE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Link:
    """One sequenced entry as stored."""

    seq: int
    prev_hash: bytes
    hash: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The last link at some time."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain and its entries or heads disagree, in words for the operator."""

    seq: int
    reason: str


def origin(tenant_id: UUID) -> Head:
    """What the first entry follows; it differs between tenants, so that chains cannot be swapped."""
    return Head(0, hashlib.sha256(_START + tenant_id.bytes).digest())


def follow(head: Head, body: bytes) -> Head:
    """The head after one more entry."""
    seq = head.seq + 1
    digest = hashlib.sha256(head.hash + seq.to_bytes(_SEQUENCE_BYTES) + body).digest()
    return Head(seq, digest)


def statement(tenant_id: UUID, head: Head) -> bytes:
    """The bytes that the installation's audit key signs for a head."""
    return _HEAD + tenant_id.bytes + head.seq.to_bytes(_SEQUENCE_BYTES) + head.hash


def breaks(start: Head, links: Iterable[Link], heads: Sequence[Head]) -> tuple[Head, tuple[Break, ...]]:
    """Walk the links after `start`; `heads` are signed heads, of which those within the walk must be met.

    The walk goes on after a break from what is stored, so that one changed entry is one break and not all after it.
    """
    signed = {head.seq: head.hash for head in heads}
    found: list[Break] = []
    head, proven = start, max((each.seq for each in heads if each.seq <= start.seq), default=0)
    for link in links:
        expected = follow(head, link.body)
        if link.seq < expected.seq:
            found.append(Break(link.seq, "was added: another entry has this number"))
        elif link.seq > expected.seq:
            found.append(Break(expected.seq, f"is missing before entry {link.seq}"))
        elif link.prev_hash != head.hash:
            found.append(Break(link.seq, "does not follow the entry before it"))
        elif link.hash != expected.hash:
            found.append(Break(link.seq, "was changed after it was written"))
        head = Head(link.seq, link.hash)
        if signed.get(link.seq, link.hash) != link.hash:
            # Nothing between two heads was signed by itself, so the first that is not proven is named.
            found.append(Break(proven + 1, f"was written anew, or one up to {link.seq}: that is not what was signed"))
        if link.seq in signed:
            proven = link.seq
    return head, tuple(found)


def cut_off(last: Head, heads: Sequence[Head]) -> tuple[Break, ...]:
    """Signed heads beyond the last entry: the end of the chain was removed."""
    furthest = max((head.seq for head in heads), default=0)
    return (Break(last.seq + 1, f"was cut off: the chain was signed up to {furthest}"),) if furthest > last.seq else ()
