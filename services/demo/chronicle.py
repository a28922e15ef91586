"""What happened, in order: records that people created and changes they made, folded into sets for the write path.

Ids are UUIDv7 of the moment with the object's number, as the application makes them, but drawn from the seed: the same
chronicle has the same ids everywhere.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

PERIOD = timedelta(days=15)
_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
# What others point at comes first.
_ORDER = (
    "product",
    "campaign",
    "lead",
    "customer",
    "contact",
    "opportunity",
    "activity",
    "task",
    "ticket",
    "quote",
    "quoteLine",
    "contract",
    "order",
    "orderLine",
    "paymentPlan",
    "receipt",
    "invoice",
)


@dataclass(frozen=True, slots=True)
class Create:
    """Records of one object, entered together, with the ids that the story gave them."""

    object_name: str
    at: datetime
    ids: tuple[UUID, ...]
    records: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The same change to several records."""

    object_name: str
    at: datetime
    ids: tuple[UUID, ...]
    changes: tuple[tuple[str, object], ...]


Operation: TypeAlias = Create | Change
_Changes: TypeAlias = tuple[tuple[str, object], ...]


class Chronicle:
    """Collects what happened between two moments; `periods` answers it as sets, half a month at a time."""

    def __init__(self, seed: int, begin: datetime, end: datetime, numbers: Mapping[str, int]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - stories, not secrets
        self.begin, self.end = begin, end
        self._numbers = numbers
        self._created: dict[int, dict[str, list[tuple[datetime, UUID, Mapping[str, object]]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._changed: dict[int, list[tuple[datetime, UUID, str, _Changes]]] = defaultdict(list)

    def create(self, object_name: str, at: datetime, record: Mapping[str, object]) -> UUID:
        """Note a new record and answer its id."""
        milliseconds = int(at.timestamp() * 1000)
        tail = self.random.getrandbits(62)
        record_id = UUID(int=(milliseconds << 80) | _VERSION | (self._numbers[object_name] << 64) | _VARIANT | tail)
        self._created[self._period(at)][object_name].append((at, record_id, record))
        return record_id

    def change(self, object_name: str, at: datetime, record_id: UUID, **changes: object) -> None:
        """Note a change of a record."""
        self._changed[self._period(at)].append((at, record_id, object_name, tuple(changes.items())))

    def happened(self, at: datetime) -> bool:
        """Whether a moment lies before the end of the story."""
        return at <= self.end

    def moment(self, after: datetime, before: datetime) -> datetime:
        """A moment between two others, in working hours where they leave room for it."""
        day = after + (before - after) * self.random.random()
        wanted = day.replace(hour=self.random.randint(1, 9), minute=self.random.randint(0, 59), second=0, microsecond=0)
        return min(max(wanted, after), before)

    def periods(self) -> Iterator[tuple[Operation, ...]]:
        """The operations of each period: new records in the order of who points at whom, then changes."""
        for period in sorted({*self._created, *self._changed}):
            created = tuple(self._creations(period))
            yield (*created, *self._updates(period, after=max((each.at for each in created), default=self.begin)))

    def _period(self, at: datetime) -> int:
        return max(0, (at - self.begin) // PERIOD)

    def _creations(self, period: int) -> Iterator[Create]:
        created = self._created[period]
        for object_name in sorted(created, key=_ORDER.index):
            entries = created[object_name]
            yield Create(
                object_name,
                max(at for at, _, _ in entries),
                tuple(record_id for _, record_id, _ in entries),
                tuple(record for _, _, record in entries),
            )

    def _updates(self, period: int, *, after: datetime) -> Iterator[Change]:
        """Equal changes together, in rounds: a record that changed twice within a period does so in its own order."""
        rounds: dict[tuple[int, str, _Changes], list[tuple[datetime, UUID]]] = defaultdict(list)
        turns: Counter[UUID] = Counter()
        for at, record_id, object_name, changes in sorted(self._changed[period], key=lambda noted: noted[:2]):
            rounds[turns[record_id], object_name, changes].append((at, record_id))
            turns[record_id] += 1
        for (_, object_name, changes), entries in sorted(rounds.items(), key=lambda item: item[0][0]):
            after = max(after, *(at for at, _ in entries))
            yield Change(object_name, after, tuple(record_id for _, record_id in entries), changes)
