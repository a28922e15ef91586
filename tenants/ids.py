"""UUIDv7 (RFC 9562) made by the application; the 12 bits `rand_a` carry the object's number.

So `node(id)` and a relation to the wrong object are decided without a search. Ids made by one maker within a
millisecond keep their order in the upper bits of `rand_b`.
"""

from __future__ import annotations

import re
import secrets
import time
from uuid import UUID

MAX_OBJECT_NUMBER = 0xFFF
_ORDINARY = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
_COUNTER_BITS = 18
_RANDOM_BITS = 62 - _COUNTER_BITS
_RANDOM_BYTES = 6
_RANDOM = (1 << _RANDOM_BITS) - 1


def object_number(record_id: UUID) -> int:
    """The object number inside an id; ids not of version 7 answer 0, which no object has."""
    return (record_id.int >> 64) & MAX_OBJECT_NUMBER if record_id.version == 7 else 0  # noqa: PLR2004


def record_id(raw: object) -> UUID | None:
    """The id that a caller wrote, if the text is one in its ordinary form."""
    # Python reads many other spellings, and some of them as another id.
    return UUID(raw) if isinstance(raw, str) and _ORDINARY.match(raw) else None


class IdMaker:
    """Makes ids. Safe for one event loop; two processes differ by 44 random bits."""

    def __init__(self) -> None:
        self._millisecond = 0
        self._counter = 0

    def new(self, number: int) -> UUID:
        """A fresh id for an object number between 0 and 4,095."""
        return self._made(number, secrets.randbits(_RANDOM_BITS))

    def many(self, number: int, count: int) -> list[UUID]:
        """As many fresh ids in their order; the system is asked for chance once."""
        chance = secrets.token_bytes(_RANDOM_BYTES * count)
        tails = (int.from_bytes(chance[at : at + _RANDOM_BYTES]) for at in range(0, len(chance), _RANDOM_BYTES))
        return [self._made(number, tail & _RANDOM) for tail in tails]

    def _made(self, number: int, chance: int) -> UUID:
        if not 0 <= number <= MAX_OBJECT_NUMBER:
            msg = f"object number out of range: {number}"
            raise ValueError(msg)
        now = time.time_ns() // 1_000_000
        if now > self._millisecond:
            self._millisecond, self._counter = now, secrets.randbits(_COUNTER_BITS - 2)
        else:
            self._counter += 1
            if self._counter >> _COUNTER_BITS:
                self._millisecond, self._counter = self._millisecond + 1, 0
        tail = (self._counter << _RANDOM_BITS) | chance
        return UUID(int=(self._millisecond << 80) | _VERSION | (number << 64) | _VARIANT | tail)
