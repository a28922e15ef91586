"""Dictionaries as rows: found by id, and brought from one list of entries to the next. Fields follow in the same change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.dictionaries import dictionary, dictionary_entry
from services import metadata
from services.dictionaries.errors import DictionaryEntryNotFound, DictionaryNotFound
from services.metadata import Entry

if TYPE_CHECKING:
    from datetime import datetime

    from services import audit
    from services.metadata import Snapshot
    from tenants.context import DefinitionWork


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A dictionary with its entries in their order, and everything that is defined around it."""

    id: UUID
    name: str
    entries: tuple[Entry, ...]
    before: Snapshot

    def entry(self, entry_id: UUID) -> Entry:
        """One of its entries."""
        return next(each for each in self.entries if each.id == entry_id)


async def of_id(work: DefinitionWork, dictionary_id: UUID) -> Dictionary:
    """A dictionary, for somebody who may define."""
    before = await metadata.opened(work)
    name = await work.session.scalar(sa.select(dictionary.c.name).where(dictionary.c.id == dictionary_id))
    if name is None:
        raise DictionaryNotFound
    return Dictionary(dictionary_id, name, await metadata.entries_of(work, name), before)


async def of_entry(work: DefinitionWork, entry_id: UUID) -> Dictionary:
    """The dictionary that has an entry."""
    mine = sa.select(dictionary_entry.c.dictionary_id).where(dictionary_entry.c.id == entry_id)
    await metadata.opened(work)
    dictionary_id = await work.session.scalar(mine)
    if dictionary_id is None:
        raise DictionaryEntryNotFound
    return await of_id(work, dictionary_id)


async def put(
    work: DefinitionWork,
    known: Dictionary,
    entries: Sequence[Entry],
    note: audit.Entry,
    *,
    merged: tuple[str, str] | None = None,
) -> None:
    """Bring the rows to these entries, and every field of the dictionary with them.

    Of two that are merged the second is the default where the first was.
    """
    old = {each.id: (at, each) for at, each in enumerate(known.entries)}
    new = {each.id: (at, each) for at, each in enumerate(entries)}
    added = [_row(*new[each]) for each in new if each not in old]
    moved = [_row(*new[each]) for each in new if each in old and new[each] != old[each]]
    if added:
        same = {"dictionary_id": known.id, "created_at": work.now, "updated_at": work.now}
        await work.session.execute(sa.insert(dictionary_entry).values([{**row, **same} for row in added]))
    if moved:
        await work.session.execute(_change(moved, work.now))
    after = metadata.followed(known.before, known.name, entries, work.ids.new)
    if merged is not None:
        after = metadata.default_moved(after, known.name, *merged)
    await metadata.change(work, known.before, after, [note])


def _row(at: int, each: Entry) -> dict[str, object]:
    return {
        "id": each.id,
        "key": each.key,
        "label_zh": each.label.zh,
        "label_en": each.label.en,
        "position": at,
        "retired": each.retired,
        "parent_id": each.parent_id,
        "merged_into_id": each.merged_into_id,
    }


def _change(rows: Sequence[Mapping[str, object]], now: datetime) -> sa.Update:
    """All at once: an entry that takes another place moves every one that follows."""
    kept = [each for each in dictionary_entry.c if each.name in rows[0]]
    said = sa.cast(sa.literal(json.dumps(rows, default=str), sa.Text), pg.JSONB)
    told = sa.func.jsonb_to_recordset(said).table_valued(*(sa.column(each.name, each.type) for each in kept))
    new = told.render_derived("new", with_types=True)
    values = {each.name: new.c[each.name] for each in kept if each.name != "id"}
    moved_on = {"version": dictionary_entry.c.version + 1, "updated_at": now}
    return sa.update(dictionary_entry).where(dictionary_entry.c.id == new.c.id).values(**values, **moved_on)
