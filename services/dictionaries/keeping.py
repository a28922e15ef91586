"""The verbs on dictionaries: made of entries or of the choices of a field, used by fields, forgotten when nothing uses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata import naming
from schema.metadata.definitions import ChoiceDefinition
from schema.metadata.errors import ChoicesNotAllowed, NameTaken
from schema.metadata.fields import Label
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.dictionaries import dictionary
from services import audit, metadata
from services.dictionaries import stored
from services.dictionaries.errors import DictionaryInUse, DictionaryLacksKeys, EntryMalformed, TooManyDictionaries
from services.identity import access, inputs
from services.metadata import ChoiceDraft, Entry
from tenants.errors import Conflict, Invalid, Refused, Violation

if TYPE_CHECKING:
    from uuid import UUID

    from services.metadata import Snapshot
    from tenants.context import DefinitionWork

OBJECT, ENTRY = "dictionary", "dictionaryEntry"
MOST_DICTIONARIES = 200
_NUMBER, _ENTRY_NUMBER = (SYSTEM_OBJECTS[each][1].number for each in (OBJECT, ENTRY))
_FORM = '{"key": "east", "labelZh": "华东", "labelEn": "East"}'
_MEMBERS = frozenset({"key", "labelZh", "labelEn"})


async def create_dictionary(work: DefinitionWork, given: Mapping[str, object]) -> UUID:
    """A dictionary of these entries, or of the choices of a field, which uses it from then on."""
    before = await metadata.opened(work)
    count = await work.session.scalar(sa.select(sa.func.count()).select_from(dictionary))
    if count >= MOST_DICTIONARIES:
        raise TooManyDictionaries(max=MOST_DICTIONARIES)
    label = _label(given)
    taken = {row["name"] for row in await work.session.rows(sa.select(dictionary.c.name))}
    name = _name(given, label, taken)
    choices = _choices_of(before, given) if given.get("field") is not None else _choices(work, given.get("entries"))
    made = stored.Dictionary(work.ids.new(_NUMBER), name, (), before)
    row = {"id": made.id, "name": name, "label_zh": label.zh, "label_en": label.en}
    await work.session.execute(sa.insert(dictionary).values(**row, created_at=work.now, updated_at=work.now))
    entries = [Entry(work.ids.new(_ENTRY_NUMBER), each.key, each.label, each.retired) for each in choices]
    await stored.put(work, made, entries, _note("dictionary.created", made.id, {"name": name, "entries": len(entries)}))
    if given.get("field") is not None:
        await use_dictionary(work, str(given["object"]), str(given["field"]), made.id)
    return made.id


async def update_dictionary(
    work: DefinitionWork, dictionary_id: UUID, given: Mapping[str, object], *, if_version: int | None
) -> None:
    """Change the words of a dictionary; its name stays."""
    known = await stored.of_id(work, dictionary_id)
    row = await work.session.row(sa.select(dictionary).where(dictionary.c.id == dictionary_id))
    assert row is not None
    words = metadata.changed_label(Label(row["label_zh"], row["label_en"]), _words(given))
    values = {"label_zh": words.zh, "label_en": words.en}
    before = await access.update_versioned(work, dictionary, dictionary_id, values, if_version=if_version)
    await audit.append(work, [_note("dictionary.updated", known.id, {**values, "before": before})])


async def delete_dictionary(work: DefinitionWork, dictionary_id: UUID, *, if_version: int | None) -> None:
    """Forget a dictionary that no field uses."""
    known = await stored.of_id(work, dictionary_id)
    if count := len(list(metadata.uses_of_dictionary(known.before, known.name))):
        raise inputs.refuse("id", DictionaryInUse(count=count))
    await access.update_versioned(work, dictionary, dictionary_id, {}, if_version=if_version)
    await work.session.execute(sa.delete(dictionary).where(dictionary.c.id == dictionary_id))
    await audit.append(work, [_note("dictionary.deleted", known.id, {"name": known.name})])


async def use_dictionary(work: DefinitionWork, object_name: str, field_name: str, dictionary_id: UUID | None) -> None:
    """Let a field offer the entries of a dictionary, which has all its choices; without one they are its own again."""
    known = None if dictionary_id is None else await stored.of_id(work, dictionary_id)
    before = await metadata.opened(work)
    field = before.field(object_name, field_name)
    if not field.field.type.has_choices:
        raise inputs.refuse("field", ChoicesNotAllowed(type=field.field.type_name))
    others = {key: value for key, value in field.field.options if key != metadata.DICTIONARY}
    if known is not None:
        keys = {each.key for each in known.entries}
        if missing := [each.key for each in field.choices if each.key not in keys]:
            raise inputs.refuse("dictionaryId", DictionaryLacksKeys(keys=", ".join(missing[:20])))
        others[metadata.DICTIONARY] = known.name
        field = metadata.offering(field, known.entries, work.ids.new)
    after = replace(field, field=replace(field.field, options=tuple(sorted(others.items()))))
    details = {"object": object_name, "field": field_name, "dictionary": known.name if known else None}
    note = audit.Entry("field.dictionarySet", "fieldDefinition", field.id, details=details)
    await metadata.change(work, before, before.with_field(object_name, after), [note])


def _label(given: Mapping[str, object]) -> Label:
    try:
        return metadata.checked_label(_words(given))
    except Invalid as fault:
        raise inputs.refuse("labelZh", fault) from None


def _words(given: Mapping[str, object]) -> Label:
    return Label(str(given.get("labelZh") or ""), str(given.get("labelEn") or ""))


def _name(given: Mapping[str, object], label: Label, taken: set[str]) -> str:
    if not given.get("name"):
        return naming.free(naming.from_label(label.zh or label.en, OBJECT), taken.__contains__)
    try:
        name = naming.tenant_name(naming.checked(str(given["name"])))
    except Invalid as fault:
        raise inputs.refuse("name", fault) from None
    if name in taken:
        raise inputs.refuse("name", NameTaken(name=name))
    return name


def _choices_of(before: Snapshot, given: Mapping[str, object]) -> Sequence[ChoiceDefinition]:
    field = before.field(str(given.get("object") or ""), str(given["field"]))
    metadata.refuse_copies(field.field)
    if not field.field.type.has_choices:
        raise inputs.refuse("field", ChoicesNotAllowed(type=field.field.type_name))
    return field.choices


def _choices(work: DefinitionWork, given: object) -> Sequence[ChoiceDefinition]:
    """The entries of an input as choices; everything that is wrong with them at once."""
    made: list[ChoiceDefinition] = []
    violations: list[Violation] = []
    listed = [] if given is None else given
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise inputs.refuse("entries", EntryMalformed(form=f"[{_FORM}]"))
    for at, each in enumerate(listed):
        try:
            made.append(_choice(work, made, each))
        except (Conflict, Invalid) as fault:
            violations.append(Violation(("entries", at), fault))
    if violations:
        raise Refused(tuple(violations))
    return made


def _choice(work: DefinitionWork, made: Sequence[ChoiceDefinition], given: object) -> ChoiceDefinition:
    if not isinstance(given, Mapping) or given.keys() - _MEMBERS or not all(isinstance(x, str) for x in given.values()):
        raise EntryMalformed(form=_FORM)
    return metadata.new_choice(made, ChoiceDraft(_words(given), str(given.get("key") or "")), work.ids.new)


def _note(action: str, dictionary_id: UUID, details: Mapping[str, object]) -> audit.Entry:
    return audit.Entry(action, OBJECT, dictionary_id, details=details)
