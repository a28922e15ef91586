"""What a line table (子表) asks to be made: an object of lines, its relation to the head, the field that orders them. Pure.

A line belongs to one head and has no lines itself, so that a head with its lines is always one step deep.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.errors import LinesNotCascading, LineTableNotAllowed
from schema.metadata.fields import DeleteRule, Label
from services.metadata.drafts import FieldDraft, ObjectDraft

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from services.metadata.snapshot import Snapshot

POSITION = FieldDraft(Label("序号", "Position"), "integer")


def lines_of(draft: FieldDraft) -> ObjectDraft:
    """The object of the lines, called like the field."""
    return ObjectDraft(draft.label, fields=draft.fields)


def to_head(head: ObjectDefinition, draft: FieldDraft) -> FieldDraft:
    """The relation of a line to its head, which has its lines under the name of the field."""
    return FieldDraft(
        head.label,
        "relation",
        required=True,
        target=head.name,
        inverse_name=draft.name,
        inverse_label=draft.label,
        delete_rule=DeleteRule.CASCADE,
    )


def ordered(before: Snapshot, lines_name: str, relation_name: str, position_name: str) -> Snapshot:
    """The snapshot in which this relation makes a line table, ordered by a field that the platform keeps."""
    position = _field(before, lines_name, position_name)
    kept = replace(position, field=replace(position.field, read_only=True))
    after = before.with_field(lines_name, kept)
    return after.with_field(lines_name, _ordered_by(_field(after, lines_name, relation_name), position_name))


def unordered(before: Snapshot, lines_name: str, relation_name: str) -> Snapshot:
    """The snapshot in which it is a relation like any other."""
    return before.with_field(lines_name, _ordered_by(_field(before, lines_name, relation_name), ""))


def refuse_unfit(after: Snapshot, lines_name: str, relation_name: str) -> None:
    """What cannot be a line table, looked at as it is about to be."""
    relation = _field(after, lines_name, relation_name).field.relation
    if relation is None or not relation.inverse_name or relation.target not in after.by_name:
        raise LineTableNotAllowed
    if relation.delete_rule is not DeleteRule.CASCADE:
        raise LinesNotCascading
    heads = [each.field.relation.target for each in _to_heads(after.by_name[lines_name]) if each.field.relation]
    is_deep = bool(_to_heads(after.by_name[relation.target])) or lines_name in _heads(after)
    if len(heads) > 1 or is_deep:
        raise LineTableNotAllowed


def refuse_crossed(before: Snapshot, after: Snapshot) -> None:
    """What comes back as a line table, and cannot be one beside what its object became meanwhile."""
    for thing in after.objects:
        there = before.by_name.get(thing.name)
        if there is thing:
            continue
        were = set() if there is None else {each.name for each in _to_heads(there)}
        for each in _to_heads(thing):
            if each.name not in were:
                refuse_unfit(after, thing.name, each.name)


def is_line_table(definition: FieldDefinition) -> bool:
    """Whether a relation is that of a line to its head."""
    return definition in _ordering((definition,))


def _heads(snapshot: Snapshot) -> set[str]:
    return {
        each.field.relation.target
        for thing in snapshot.objects
        for each in _to_heads(thing)
        if each.field.relation is not None
    }


def _to_heads(thing: ObjectDefinition) -> list[FieldDefinition]:
    return _ordering(thing.fields)


def _ordering(fields: tuple[FieldDefinition, ...]) -> list[FieldDefinition]:
    return [
        each
        for each in fields
        if not each.is_retired and each.field.relation is not None and each.field.relation.lines_by
    ]


def _ordered_by(definition: FieldDefinition, position_name: str) -> FieldDefinition:
    field = definition.field
    if field.relation is None:
        raise LineTableNotAllowed
    return replace(definition, field=replace(field, relation=replace(field.relation, lines_by=position_name)))


def _field(snapshot: Snapshot, object_name: str, name: str) -> FieldDefinition:
    found = snapshot.by_name[object_name].field(name)
    assert found is not None, "fields of a line table are made before they are joined"
    return found
