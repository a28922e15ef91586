"""The verbs on objects and fields. Each is one transaction; the next request to any process sees the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.definitions import FieldDefinition, ObjectDefinition
from schema.metadata.errors import NotChangeable, OutOfRange, StillBuilding, UnknownField
from schema.metadata.fields import FieldState, Relation
from schema.metadata.objects import ObjectState
from schema.metadata.types import LINE_TABLE
from schema.tables.metadata import field_definition, object_definition
from services import permissions
from services.audit import Entry
from services.metadata import defaults, deriving, dictionaries, drafting, impact, line_tables, lookup_drafts, wording
from services.metadata.changing import change, opened
from services.metadata.errors import AlreadyPiloted
from services.metadata.findings import Findings
from services.metadata.store import require_version
from services.metadata.usage import Subject, refuse_kept
from services.permissions import Covered
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from services.metadata.drafts import FieldChange, FieldDraft, ObjectChange, ObjectDraft
    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork

# New fields come ten further on, and a table has 1,600 columns at most.
_LAST_PLACE = 20_000
_OF_RECORDS = frozenset({Covered.OBJECT, Covered.FIELD})


@dataclass(frozen=True, slots=True)
class Defined:
    """What a verb made or changed, and the job that finishes it where there is one."""

    id: UUID
    object_name: str
    field_name: str = ""
    choice_key: str = ""
    job_id: UUID | None = None
    # Records without a value, where one is required.
    lacking: int | None = None


# --- objects ----------------------------------------------------------------------------------------------------------


async def create_object(work: DefinitionWork, draft: ObjectDraft) -> Defined:
    """Define an object with its first fields."""
    before = await opened(work)
    draft = await dictionaries.of_object(work, draft)
    after = drafting.new_object(before, draft, work.ids.new)
    # Line tables among its fields make objects behind it.
    made = after.objects[len(before.objects)]
    await change(work, before, after, [_entry("object.created", made)])
    return Defined(made.id, made.name)


async def update_object(work: DefinitionWork, name: str, changes: ObjectChange) -> Defined:
    """Change the words of an object, its title field, and whether reads of it are audited."""
    before = await opened(work)
    thing = before.live(name)
    await require_version(work, object_definition, thing.id, changes.if_version)
    title = drafting.title_field(thing, changes.title_field) if changes.title_field else thing.title_field
    if title != thing.title_field:
        await _refuse_piloted(work, name, title)
    audited = thing.audit_reads if changes.audit_reads is None else changes.audit_reads
    after = replace(
        thing,
        label=wording.changed(thing.label, changes.label),
        plural_label=wording.changed(thing.plural_label, changes.plural_label),
        title_field=title,
        audit_reads=audited,
    )
    await change(work, before, before.with_object(after), [_entry("object.updated", after)])
    return Defined(thing.id, name)


async def _refuse_piloted(work: DefinitionWork, name: str, title: str) -> None:
    """Refuse a title that is kept from some of those who see the object: to them its records had no name."""
    for pilot in await permissions.running_pilots(work):
        named = {(each.object_name, each.field_name) for each in pilot.coordinates if each.kind in _OF_RECORDS}
        if (name, title) in named and (name, "") not in named:
            raise Refused((Violation(("titleField",), AlreadyPiloted(name=title, title=pilot.title)),))


async def retire_object(work: DefinitionWork, name: str, *, confirm: str = "") -> Defined:
    """Hide an object with its records and the relations that point at it; nothing is lost."""
    before = await opened(work)
    thing = before.live(name)
    await impact.require_confirmation(work, before, thing, confirm)
    if any(each.field.state is FieldState.BUILDING for each in thing.fields):
        raise StillBuilding
    after = before.with_object(replace(thing, state=ObjectState.RETIRED))
    await refuse_kept(work, Subject(before.registry, after.registry, name))
    await change(work, before, after, [_entry("object.retired", thing)])
    return Defined(thing.id, name)


async def restore_object(work: DefinitionWork, name: str) -> Defined:
    """Bring a retired object back."""
    before = await opened(work)
    after = replace(before.object(name), state=ObjectState.LIVE)
    await change(work, before, before.with_object(after), [_entry("object.restored", after)])
    return Defined(after.id, name)


# --- fields -----------------------------------------------------------------------------------------------------------


async def add_field(
    work: DefinitionWork, object_name: str, draft: FieldDraft, *, fill_existing: bool = False
) -> Defined:
    """Add a field to an object of a pack or a tenant; on request the records that are there get its default."""
    before = await opened(work)
    found, after = Findings(), before
    with found.at("field"):
        draft = await dictionaries.with_entries(work, draft)
        after = drafting.new_field(before, object_name, draft, work.ids.new)
    found.settle()
    if draft.type == LINE_TABLE:
        return await _add_line_table(work, before, after)
    made = after.by_name[object_name].fields[-1]
    fills = frozenset({made.id}) if fill_existing and made.field.option("default") is not None else frozenset()
    entries = [_entry("field.created", after.by_name[object_name], made)]
    changed = await change(work, before, after, entries, fills=fills)
    job_id = changed.jobs.get(made.id)
    lacking = None if job_id else await impact.lacking_in(work, after.by_name[object_name], made)
    return Defined(made.id, object_name, made.name, job_id=job_id, lacking=lacking)


async def _add_line_table(work: DefinitionWork, before: Snapshot, after: Snapshot) -> Defined:
    """What was made is told by the relation of the lines to their head."""
    lines = after.objects[-1]
    relation = lines.fields[-2]
    entries = [_entry("object.created", lines), _entry("field.created", lines, relation)]
    await change(work, before, after, entries)
    # A table that has just come has no lines that could lack anything.
    return Defined(relation.id, lines.name, relation.name, lacking=0 if relation.field.required else None)


async def update_field(work: DefinitionWork, object_name: str, name: str, changes: FieldChange) -> Defined:
    """Change the words and rules of a field; its name and its type stay."""

    def changed(field: FieldDefinition) -> FieldDefinition:
        _refuse_retired(object_name, field)
        return _with_changes(field, changes)

    def joined(after: Snapshot) -> Snapshot:
        after = lookup_drafts.resettled(after, object_name, name)
        return line_tables.settled(after, object_name, name, work.ids.new, is_asked=changes.is_line_table)

    return await _change_field(
        work, object_name, name, changed, "field.updated", if_version=changes.if_version, beside=joined
    )


async def retire_field(work: DefinitionWork, object_name: str, name: str) -> Defined:
    """Hide a field and take its unique rule and indexes away; its values stay. A build that is under way ends."""
    before = await opened(work)
    field = before.field(object_name, name)
    _refuse_retired(object_name, field)
    if field.field.state is FieldState.BUILDING:
        # What its job has built so far is taken away like the rest.
        before = before.with_field(object_name, field.in_state(FieldState.LIVE))
    after = before.with_field(object_name, field.in_state(FieldState.RETIRED))
    thing = after.by_name[object_name]
    if thing.title_field == name:
        after = after.with_object(replace(thing, title_field=""))
    await refuse_kept(work, Subject(before.registry, after.registry, object_name, name))
    await change(work, before, after, [_entry("field.retired", thing, field)])
    return Defined(field.id, object_name, name)


async def restore_field(work: DefinitionWork, object_name: str, name: str) -> Defined:
    """Bring a retired field back with its values, rules and indexes."""

    def restored(field: FieldDefinition) -> FieldDefinition:
        return defaults.offered(field.in_state(FieldState.LIVE)) if field.is_retired else field

    return await _change_field(work, object_name, name, restored, "field.restored")


async def _change_field(
    work: DefinitionWork,
    object_name: str,
    name: str,
    changed: Callable[[FieldDefinition], FieldDefinition],
    action: str,
    *,
    if_version: int | None = None,
    beside: Callable[[Snapshot], Snapshot] = lambda after: after,
) -> Defined:
    before = await opened(work)
    field = before.field(object_name, name)
    await require_version(work, field_definition, field.id, if_version)
    if field.field.state is FieldState.BUILDING:
        raise StillBuilding
    made = changed(field)
    made = replace(made, field=deriving.settled(before, object_name, made.field))
    after = beside(before.with_field(object_name, made))
    thing = after.by_name[object_name]
    done = await change(work, before, after, [_entry(action, thing, field)])
    job_id, now = done.jobs.get(field.id), done.snapshot.field(object_name, name)
    lacking = None if job_id else await impact.lacking_in(work, thing, now)
    return Defined(field.id, object_name, name, job_id=job_id, lacking=lacking)


def _with_changes(definition: FieldDefinition, changes: FieldChange) -> FieldDefinition:
    field = definition.field
    shape = replace(
        field,
        required=_or(changes.required, field.required),
        is_unique=_or(changes.is_unique, field.is_unique),
        is_indexed=_or(changes.is_indexed, field.is_indexed),
        audit_reads=_or(changes.audit_reads, field.audit_reads),
        relation=_relation(field.relation, changes.delete_rule),
    )
    if changes.options.get(dictionaries.OPTION, field.option(dictionaries.OPTION)) != field.option(dictionaries.OPTION):
        # Its choices would not be those of the records: `useDictionary` looks at both.
        raise Refused((Violation(("options", dictionaries.OPTION), NotChangeable()),))
    if changes.position is not None and not 0 <= changes.position <= _LAST_PLACE:
        raise Refused((Violation(("position",), OutOfRange(min=0, max=_LAST_PLACE)),))
    if "format" in changes.options and changes.options["format"] != field.option("format"):
        # Numbers that were given out would come again.
        raise Refused((Violation(("options", "format"), NotChangeable()),))
    return replace(
        definition,
        field=drafting.checked(shape, _options(dict(field.options), changes.options)),
        label=wording.changed(definition.label, changes.label),
        inverse_label=wording.changed(definition.inverse_label, changes.inverse_label),
        position=definition.position if changes.position is None else changes.position,
    )


def _options(present: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    merged = {**present, **given}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in merged.items()}


def _relation(relation: Relation | None, rule: str | None) -> Relation | None:
    if relation is None or not relation.inverse_name or rule is None:
        return relation
    return replace(relation, delete_rule=drafting.delete_rule(rule))


def _or(given: bool | None, present: bool) -> bool:  # noqa: FBT001 - the two stand for one value
    return present if given is None else given


def _refuse_retired(object_name: str, field: FieldDefinition) -> None:
    if field.is_retired:
        raise UnknownField(object=object_name, name=field.name)


def _entry(action: str, thing: ObjectDefinition, field: FieldDefinition | None = None) -> Entry:
    if field is None:
        return Entry(action, "objectDefinition", thing.id, details={"object": thing.name})
    return Entry(action, "fieldDefinition", field.id, details={"object": thing.name, "field": field.name})
