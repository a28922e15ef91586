"""Dictionaries as rows: found by id, and brought from one list of entries to the next. Fields follow in the same change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.dictionaries import dictionary, dictionary_entry
from services import metadata
from services.dictionaries.errors import DictionaryEntryNotFound, DictionaryNotFound
from services.metadata import Entry

if TYPE_CHECKING:
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


async def put(work: DefinitionWork, known: Dictionary, entries: Sequence[Entry], note: audit.Entry) -> None:
    """Bring the rows to these entries, and every field of the dictionary with them."""
    old = {each.id: (at, each) for at, each in enumerate(known.entries)}
    for at, each in enumerate(entries):
        if each.id not in old:
            await work.session.execute(
                sa.insert(dictionary_entry).values(
                    id=each.id, dictionary_id=known.id, key=each.key, **_row(at, each), created_at=work.now,
                    updated_at=work.now,
                )
            )  # fmt: skip
        elif old[each.id] != (at, each):
            moved = {**_row(at, each), "version": dictionary_entry.c.version + 1, "updated_at": work.now}
            await work.session.execute(
                sa.update(dictionary_entry).where(dictionary_entry.c.id == each.id).values(**moved)
            )
    after = metadata.followed(known.before, known.name, entries, work.ids.new)
    await metadata.change(work, known.before, after, [note])


def _row(at: int, each: Entry) -> dict[str, object]:
    return {
        "label_zh": each.label.zh,
        "label_en": each.label.en,
        "position": at,
        "retired": each.retired,
        "parent_id": each.parent_id,
        "merged_into_id": each.merged_into_id,
    }
