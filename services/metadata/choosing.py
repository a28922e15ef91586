"""The verbs on the choices of a field. A key never changes; a retired choice stays readable and can come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, with_choices
from schema.metadata.errors import ChoicesNotAllowed, UnknownChoice
from schema.metadata.near_names import LONGEST, hints
from services.audit import Entry
from services.metadata import drafting, wording
from services.metadata.changing import change, opened
from services.metadata.defining import Defined
from services.metadata.dictionaries import refuse_copies

if TYPE_CHECKING:
    from services.metadata.drafts import ChoiceChange, ChoiceDraft
    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork

Choices = tuple[ChoiceDefinition, ...]


async def add_choice(
    work: DefinitionWork, object_name: str, field_name: str, draft: ChoiceDraft, *, position: int | None = None
) -> Defined:
    """Offer one more choice, at the end or at a position."""
    before = await opened(work)
    field = _choosable(before, object_name, field_name)
    made = drafting.new_choice(field.choices, draft, work.ids.new)
    at = len(field.choices) if position is None else position
    return await _save(work, before, object_name, field, _placed(field.choices, made, at), "choice.created", made)


async def update_choice(
    work: DefinitionWork, object_name: str, field_name: str, key: str, changes: ChoiceChange
) -> Defined:
    """Change the words of a choice or its place among the others."""
    before = await opened(work)
    field = _choosable(before, object_name, field_name)
    choice = _choice(field, key)
    after = replace(choice, label=wording.changed(choice.label, changes.label))
    at = field.choices.index(choice) if changes.position is None else changes.position
    return await _save(work, before, object_name, field, _placed(field.choices, after, at), "choice.updated", after)


async def retire_choice(work: DefinitionWork, object_name: str, field_name: str, key: str) -> Defined:
    """Offer a choice no longer; records that have it keep it."""
    return await _set_retired(work, object_name, field_name, key, lambda each: replace(each, retired=True))


async def restore_choice(work: DefinitionWork, object_name: str, field_name: str, key: str) -> Defined:
    """Offer a retired choice again."""
    return await _set_retired(work, object_name, field_name, key, lambda each: replace(each, retired=False))


async def _set_retired(
    work: DefinitionWork,
    object_name: str,
    field_name: str,
    key: str,
    changed: Callable[[ChoiceDefinition], ChoiceDefinition],
) -> Defined:
    before = await opened(work)
    field = _choosable(before, object_name, field_name)
    after = changed(_choice(field, key))
    choices = tuple(after if each.key == key else each for each in field.choices)
    action = "choice.retired" if after.retired else "choice.restored"
    return await _save(work, before, object_name, field, choices, action, after)


async def _save(  # noqa: PLR0917 - what was, what is, and what to call it
    work: DefinitionWork,
    before: Snapshot,
    object_name: str,
    field: FieldDefinition,
    choices: Choices,
    action: str,
    choice: ChoiceDefinition,
) -> Defined:
    after = replace(field, choices=choices, field=with_choices(field.field, choices))
    details = {"object": object_name, "field": field.name, "choice": choice.key}
    entry = Entry(action, "choiceOption", choice.id, details=details)
    await change(work, before, before.with_field(object_name, after), [entry])
    return Defined(choice.id, object_name, field.name, choice.key)


def _choosable(before: Snapshot, object_name: str, field_name: str) -> FieldDefinition:
    field = before.field(object_name, field_name)
    if not field.field.type.has_choices:
        raise ChoicesNotAllowed(type=field.field.type_name)
    refuse_copies(field.field)
    return field


def _choice(field: FieldDefinition, key: str) -> ChoiceDefinition:
    found = next((each for each in field.choices if each.key == key), None)
    if found is None:
        raise UnknownChoice(key=key[:LONGEST], **hints(key, (each.key for each in field.choices)))
    return found


def _placed(choices: Choices, choice: ChoiceDefinition, position: int) -> Choices:
    others = [each for each in choices if each.key != choice.key]
    at = max(0, min(position, len(others)))
    return (*others[:at], choice, *others[at:])
