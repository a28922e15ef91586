"""The order in which committed rows are sequenced: as they were made, and those of one record by its version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Unsequenced:
    """A committed row without a number. Rows that speak of no record have no version."""

    id: UUID
    record: Hashable | None
    version: int | None


def arrange(rows: Sequence[Unsequenced]) -> list[UUID]:
    """Ids in their order.

    Ids carry the time of their maker, and the clocks of two processes differ; the versions of a record do not. So each
    record keeps the places that its rows have by id, and fills them by version.
    """
    by_id = sorted(rows, key=lambda row: row.id)
    waiting: dict[Hashable, list[Unsequenced]] = defaultdict(list)
    for row in by_id:
        if row.record is not None:
            waiting[row.record].append(row)
    for several in waiting.values():
        several.sort(key=lambda row: (row.version or 0, row.id), reverse=True)
    return [waiting[row.record].pop().id if row.record is not None else row.id for row in by_id]
