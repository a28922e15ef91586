"""The verbs on entries: one more, other words or another place, retired and offered again, merged into another one.

An entry keeps its key for ever. What changes here changes in every field of the dictionary at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.definitions import ChoiceDefinition
from schema.metadata.errors import NameTaken
from schema.metadata.fields import Label
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.dictionaries import dictionary_entry
from services import audit, jobs, metadata
from services.dictionaries import stored
from services.dictionaries.errors import DictionaryEntryNotFound, EntriesNotMergeable, ParentNotAbove
from services.dictionaries.keeping import ENTRY
from services.dictionaries.messages import MergeEntries
from services.identity import access, inputs
from services.metadata import ChoiceDraft, Entry
from tenants.errors import Invalid

if TYPE_CHECKING:
    from uuid import UUID

    from services.dictionaries.stored import Dictionary
    from tenants.context import DefinitionWork

_NUMBER = SYSTEM_OBJECTS[ENTRY][1].number


async def add_entry(work: DefinitionWork, dictionary_id: UUID, given: Mapping[str, object]) -> UUID:
    """Offer one more value, at the end or at a place."""
    known = await stored.of_id(work, dictionary_id)
    draft = ChoiceDraft(_words(given), str(given.get("key") or ""))
    present = [ChoiceDefinition(each.id, each.key, each.label) for each in known.entries]
    try:
        made = metadata.new_choice(present, draft, work.ids.new)
    except NameTaken as fault:
        raise inputs.refuse("key", fault) from None
    except Invalid as fault:
        raise inputs.refuse("labelZh" if not draft.key else "key", fault) from None
    entry = Entry(work.ids.new(_NUMBER), made.key, made.label, parent_id=_parent(known, None, given))
    await stored.put(work, known, _placed(known.entries, entry, given), _note("dictionary.entryAdded", known, entry))
    return entry.id


async def update_entry(
    work: DefinitionWork, entry_id: UUID, given: Mapping[str, object], *, if_version: int | None
) -> None:
    """Change the words of an entry, its place, or what it stands below."""
    known = await stored.of_entry(work, entry_id)
    await _require_version(work, entry_id, if_version)
    before = known.entry(entry_id)
    parent_id = _parent(known, entry_id, given) if "parentId" in given else before.parent_id
    try:
        label = metadata.changed_label(before.label, _words(given))
    except Invalid as fault:
        raise inputs.refuse("labelZh", fault) from None
    after = replace(before, label=label, parent_id=parent_id)
    note = _note("dictionary.entryUpdated", known, after)
    await stored.put(work, known, _placed(known.entries, after, given), note)


async def set_retired(work: DefinitionWork, entry_id: UUID, *, retired: bool, if_version: int | None) -> None:
    """Offer a value no longer, or again; records that hold it keep it."""
    known = await stored.of_entry(work, entry_id)
    await _require_version(work, entry_id, if_version)
    before = known.entry(entry_id)
    after = replace(before, retired=retired, merged_into_id=before.merged_into_id if retired else None)
    note = _note("dictionary.entryRetired" if retired else "dictionary.entryRestored", known, after)
    await stored.put(work, known, _with(known.entries, after), note)


async def merge_entries(work: DefinitionWork, *, from_id: UUID, into_id: UUID) -> UUID:
    """Offer one value no longer, and let a job give every record that holds it the other one; the job's id.

    Nobody chooses the first from this transaction on, so that the job comes to an end.
    """
    known = await stored.of_entry(work, from_id)
    into = next((each for each in known.entries if each.id == into_id), None)
    if into is None or into.retired or into_id == from_id:
        raise inputs.refuse("intoId", EntriesNotMergeable())
    absorbed = known.entry(from_id)
    after = replace(absorbed, retired=True, merged_into_id=into_id)
    note = _note("dictionary.entriesMerged", known, after, into=into.key)
    await stored.put(work, known, _with(known.entries, after), note, merged=(absorbed.key, into.key))
    return await jobs.ask(work, partial(MergeEntries, from_id))


def _words(given: Mapping[str, object]) -> Label:
    return Label(str(given.get("labelZh") or ""), str(given.get("labelEn") or ""))


def _with(entries: Sequence[Entry], entry: Entry) -> list[Entry]:
    return [entry if each.id == entry.id else each for each in entries]


def _placed(entries: Sequence[Entry], entry: Entry, given: Mapping[str, object]) -> list[Entry]:
    position = given.get("position")
    if not isinstance(position, int):
        return _with(entries, entry) if any(each.id == entry.id for each in entries) else [*entries, entry]
    others = [each for each in entries if each.id != entry.id]
    at = max(0, min(position, len(others)))
    return [*others[:at], entry, *others[at:]]


def _parent(known: Dictionary, entry_id: UUID | None, given: Mapping[str, object]) -> UUID | None:
    """The entry that one is to stand below, which must not stand below that one."""
    if given.get("parentId") is None:
        return None
    parent_id = inputs.id_(given, "parentId")
    above = {each.id: each.parent_id for each in known.entries}
    step: UUID | None = parent_id
    while step is not None:
        if step not in above or step == entry_id:
            raise inputs.refuse("parentId", ParentNotAbove())
        step = above[step]
    return parent_id


async def _require_version(work: DefinitionWork, entry_id: UUID, if_version: int | None) -> None:
    """`state` is locked, so the version stays until the commit."""
    version = await work.session.scalar(sa.select(dictionary_entry.c.version).where(dictionary_entry.c.id == entry_id))
    if version is None:
        raise DictionaryEntryNotFound
    access.require_version(version, if_version)


def _note(action: str, known: Dictionary, entry: Entry, **more: object) -> audit.Entry:
    details = {"dictionary": known.name, "key": entry.key, "labelZh": entry.label.zh, "labelEn": entry.label.en, **more}
    return audit.Entry(action, ENTRY, entry.id, details=details)
