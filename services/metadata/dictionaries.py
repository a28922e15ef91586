"""Fields whose choices are the entries of a dictionary: where they come from, and how the fields of a snapshot follow it.

A dictionary is kept once; its fields hold copies, so that whoever reads, writes or compiles knows choices only. Every change
of a dictionary is one change of all its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, with_choices
from schema.metadata.fields import Label
from schema.metadata.near_names import LONGEST
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.dictionaries import dictionary, dictionary_entry
from services.metadata.drafts import ChoiceDraft, FieldDraft, ObjectDraft
from services.metadata.findings import Findings
from tenants.errors import Invalid, Refused, Violation

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from services.metadata.snapshot import Snapshot
    from tenants.context import ReadWork

# The option of a field that names its dictionary.
OPTION = "dictionary"
_CHOICE = SYSTEM_OBJECTS["choiceOption"][1].number


class UnknownDictionary(Invalid):
    """There is no dictionary “{name}”."""

    code = "UNKNOWN_DICTIONARY"
    zh = "没有名为“{name}”的字典。"


class ChoicesOfDictionary(Invalid):
    """The choices of this field are the entries of the dictionary “{name}”; change them there."""

    code = "CHOICES_OF_DICTIONARY"
    zh = "该字段的选项来自字典“{name}”,请在字典中修改。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a dictionary, in its place among the others."""

    id: UUID
    key: str
    label: Label
    retired: bool = False
    parent_id: UUID | None = None
    merged_into_id: UUID | None = None


def named_by(field: Field) -> str:
    """The dictionary of a field; empty where its choices are its own."""
    return str(field.option(OPTION) or "")


def refuse_copies(field: Field) -> None:
    """What stands in a dictionary is not changed in one of its fields."""
    if name := named_by(field):
        raise ChoicesOfDictionary(name=name)


async def entries_of(work: ReadWork, name: str) -> tuple[Entry, ...]:
    """The entries of a dictionary in their order, retired ones too."""
    if not await work.session.scalar(sa.select(dictionary.c.id).where(dictionary.c.name == name)):
        raise UnknownDictionary(name=name[:LONGEST])
    rows = await work.session.rows(
        sa
        .select(dictionary_entry)
        .join(dictionary, dictionary.c.id == dictionary_entry.c.dictionary_id)
        .where(dictionary.c.name == name)
        .order_by(dictionary_entry.c.position, dictionary_entry.c.id)
    )
    return tuple(
        Entry(
            row["id"],
            row["key"],
            Label(row["label_zh"], row["label_en"]),
            row["retired"],
            row["parent_id"],
            row["merged_into_id"],
        )
        for row in rows
    )


async def with_entries(work: ReadWork, draft: FieldDraft) -> FieldDraft:
    """A new field with the entries of its dictionary as its choices, if it names one; the fields of its lines too."""
    if draft.fields:
        draft = replace(draft, fields=await _each(work, draft.fields))
    name = draft.options.get(OPTION)
    if not isinstance(name, str):
        return draft
    if draft.choices:
        raise Refused((Violation(("choices",), ChoicesOfDictionary(name=name[:LONGEST])),))
    try:
        entries = await entries_of(work, name)
    except UnknownDictionary as fault:
        raise Refused((Violation(("options", OPTION), fault),)) from None
    return replace(draft, choices=tuple(ChoiceDraft(each.label, each.key) for each in entries if not each.retired))


async def of_object(work: ReadWork, draft: ObjectDraft) -> ObjectDraft:
    """The same for the first fields of an object."""
    return replace(draft, fields=await _each(work, draft.fields))


async def _each(work: ReadWork, drafts: Iterable[FieldDraft]) -> tuple[FieldDraft, ...]:
    found, made = Findings(), list(drafts)
    for at, each in enumerate(made):
        with found.at("fields", at):
            made[at] = await with_entries(work, each)
    found.settle()
    return tuple(made)


def uses(snapshot: Snapshot, name: str) -> Iterator[tuple[str, FieldDefinition]]:
    """The fields that use a dictionary, with the objects that they are of; retired ones too, because they may come back."""
    for thing in snapshot.objects:
        for field in thing.fields:
            if named_by(field.field) == name:
                yield thing.name, field


def followed(before: Snapshot, name: str, entries: Sequence[Entry], new_id: Callable[[int], UUID]) -> Snapshot:
    """The snapshot in which every field of a dictionary offers these entries."""
    after = before
    for object_name, field in uses(before, name):
        after = after.with_field(object_name, offering(field, entries, new_id))
    return after


def offering(field: FieldDefinition, entries: Iterable[Entry], new_id: Callable[[int], UUID]) -> FieldDefinition:
    """The field with these entries as its choices; those that it has keep their ids."""
    known = {each.key: each for each in field.choices}
    choices = tuple(
        replace(known[each.key], label=each.label, retired=each.retired)
        if each.key in known
        else ChoiceDefinition(new_id(_CHOICE), each.key, each.label, each.retired)
        for each in entries
    )
    return replace(field, choices=choices, field=with_choices(field.field, choices))
