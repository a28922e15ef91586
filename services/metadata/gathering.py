"""Definition work whose changes are gathered: each verb sees what those before it came to, the tables stay as they are.

So many verbs become one change, and what they would come to can be tried out in a transaction that only reads. Whoever
gathers runs `carry_out` of `services.metadata.carrying_out` in the end, or throws it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from schema.metadata.physical import tables_of
from schema.tables.records import RECORD_COLUMNS
from tenants.cache import TenantCache
from tenants.context import DefinitionWork, ReadWork, Work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.metadata.physical import RecordTable
    from services.audit import Entry
    from services.metadata.differences import RowChange
    from services.metadata.snapshot import Snapshot

_CAPACITY = 8 * 1024


@dataclass
class Gathered:
    """Where the verbs began, where the tables stand, and where the verbs have come to."""

    first: Snapshot
    before: Snapshot
    now: Snapshot
    # Nothing is written, whatever the verbs say.
    rehearses: bool
    entries: list[Entry] = field(default_factory=list)
    # All of them, also those that were written already.
    told: list[Entry] = field(default_factory=list)
    fills: set[UUID] = field(default_factory=set)
    jobs: dict[UUID, UUID] = field(default_factory=dict)
    # Rows beside the definitions that were changed, such as layouts.
    others: list[RowChange] = field(default_factory=list)
    is_at_once: bool = False
    _standing: Mapping[str, RecordTable] | None = None

    def take(self, after: Snapshot, entries: Iterable[Entry] = (), fills: Iterable[UUID] = ()) -> None:
        """Go on from here."""
        entries = tuple(entries)
        self.now = after
        self.entries += entries
        self.tell(entries)
        self.fills |= set(fills)

    def tell(self, entries: Iterable[Entry]) -> None:
        """Remember what was done, each once."""
        self.told += [each for each in entries if each not in self.told]

    def await_conversion(self, field_id: UUID) -> None:
        """A job brings the values of a field into another type: until then nothing else changes of it."""
        converting = self.now.converting | {field_id}
        self.now = self.before = replace(self.now, converting=converting)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is changed inside is made when it is asked for; everything before it has been."""
        self.is_at_once = True
        try:
            yield
        finally:
            self.is_at_once = False

    def made(self, after: Snapshot) -> None:
        """The tables stand as `after` says."""
        self.before = self.now = after
        self._standing = None

    def stands(self, table: str, column: str = "") -> bool:
        """Whether the database has the table, and the column among those that are not retired."""
        if not column:
            return any(each.table == table for each in self.before.objects)
        if self._standing is None:
            self._standing = tables_of(self.before.registry)
        return table in self._standing and column in self._standing[table].columns


@dataclass(slots=True, eq=False)
class Gathering(DefinitionWork):
    """What verbs are given instead of the work itself."""

    gathered: Final[Gathered] = field(kw_only=True)


def gather(work: ReadWork, present: Snapshot, *, rehearses: bool) -> Gathering:
    """Work over these definitions. It has a cache of its own: what is kept there is of a shape that nobody else sees."""
    known: dict[str, Any] = {each.name: getattr(work, each.name) for each in fields(ReadWork)}  # Any: of any type
    known["cache"] = TenantCache(_CAPACITY)
    if not rehearses:
        assert isinstance(work, Work)
        known |= {"touched": work.touched, "moves": work.moves}
    return Gathering(**known, gathered=Gathered(present, present, present, rehearses))


def gathered_by(work: ReadWork) -> Gathered | None:
    """What the work gathers; nothing where it changes things itself."""
    return work.gathered if isinstance(work, Gathering) else None


def taken_by(work: ReadWork) -> Gathered | None:
    """What takes a change instead of its being made; nothing where it is made when it is asked for."""
    gathered = gathered_by(work)
    return None if gathered is None or gathered.is_at_once else gathered


def has_columns(work: ReadWork, table: str, columns: Iterable[str]) -> bool:
    """Whether the database has these columns of a table by now; the fixed ones it has with the table."""
    gathered = gathered_by(work)
    fixed = {name for name, _ in RECORD_COLUMNS}
    return gathered is None or (
        gathered.stands(table) and all(each in fixed or gathered.stands(table, each) for each in columns)
    )
