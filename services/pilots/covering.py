"""What a pilot is asked to cover, found among the definitions as they are now, and refused where it is no addition.

What can be covered can be taken away from all others without taking anything from them: it is new, or nobody has put
anything into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.errors import RelationNotFound, UnknownField, UnknownObject
from schema.tables.layouts import layout
from services import field_rules, metadata
from services.metadata import Findings
from services.permissions import Coordinate, Covered
from services.pilots.errors import CoordinateMalformed, HoldsData, NotAdditive
from tenants.ids import record_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from services.metadata import Snapshot
    from services.pilots.drafts import CoordinateDraft
    from tenants.context import DefinitionWork


# A coordinate, and its position in the draft.
_Place: TypeAlias = tuple[int, Coordinate]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the draft covers: objects by name, and fields, each after the name of its object."""

    places: tuple[_Place, ...]
    objects: frozenset[str]
    fields: frozenset[tuple[str, str]]

    def beside(self, *kinds: Covered) -> Iterator[_Place]:
        """Things of some kinds that are not covered with their object."""
        return (each for each in self.places if each[1].kind in kinds and each[1].object_name not in self.objects)


async def covered(
    work: DefinitionWork, found: Findings, drafts: Sequence[CoordinateDraft], *, is_new: bool
) -> tuple[_Place, ...]:
    """The coordinates of a draft, each once and with its position; what is wrong with one is noted at its place.

    With `is_new` they were made by this very transaction: whatever they hold came with them, and they bound nobody yet.
    """
    snapshot = await metadata.opened(work)
    made: dict[UUID, _Place] = {}
    for at, draft in enumerate(drafts):
        with found.at("coordinates", at):
            try:
                coordinate = await _found(work, snapshot, draft)
            except (UnknownObject, UnknownField) as fault:
                found.note(fault, "coordinates", at)
            else:
                made.setdefault(coordinate.id, (at, coordinate))
    asked = _asked(made.values())
    _refuse_old_rules(found, snapshot, asked)
    _refuse_titles(found, snapshot, asked)
    if not is_new:
        await _refuse_data(work, found, snapshot, asked)
        _refuse_what_applies(found, snapshot, asked)
    return asked.places


def _asked(places: Iterable[_Place]) -> _Asked:
    places = tuple(places)
    objects = frozenset(each.object_name for _, each in places if each.kind is Covered.OBJECT)
    fields = frozenset((each.object_name, each.field_name) for _, each in places if each.kind is Covered.FIELD)
    return _Asked(places, objects, fields)


async def _found(work: DefinitionWork, snapshot: Snapshot, draft: CoordinateDraft) -> Coordinate:
    named = [draft.layout_id is not None, draft.rule_id is not None, bool(draft.object_name)]
    if sum(named) != 1 or (draft.field_name and not draft.object_name):
        raise CoordinateMalformed
    if draft.layout_id is not None:
        return await _layout(work, draft.layout_id)
    if draft.rule_id is not None:
        return _rule(snapshot, _id(draft.rule_id))
    thing = snapshot.live(draft.object_name)
    if not draft.field_name:
        if thing.pack:
            raise NotAdditive(name=thing.name)
        return Coordinate(Covered.OBJECT, thing.id, thing.name)
    field = snapshot.field(draft.object_name, draft.field_name)
    if field.is_retired:
        raise UnknownField(object=thing.name, name=field.name)
    if field.pack or field.id in snapshot.converting:
        raise NotAdditive(name=field.name)
    return Coordinate(Covered.FIELD, field.id, thing.name, field.name)


async def _layout(work: DefinitionWork, raw: object) -> Coordinate:
    layout_id = _id(raw)
    name = await work.session.scalar(sa.select(layout.c.object_name).where(layout.c.id == layout_id))
    if name is None:
        raise RelationNotFound
    return Coordinate(Covered.LAYOUT, layout_id, name)


def _rule(snapshot: Snapshot, rule_id: UUID) -> Coordinate:
    for thing in snapshot.objects:
        if thing.is_retired:
            continue
        if any(each.id == rule_id and each.is_live for each in thing.validation):
            return Coordinate(Covered.VALIDATION_RULE, rule_id, thing.name)
        if any(each.id == rule_id and each.is_live and each.index.is_unique for each in thing.indexes):
            return Coordinate(Covered.UNIQUE_RULE, rule_id, thing.name)
    raise RelationNotFound


def _refuse_old_rules(found: Findings, snapshot: Snapshot, asked: _Asked) -> None:
    """A unique rule is an index, so it binds everybody; but nobody outside the group fills a field that is covered."""
    for at, each in asked.beside(Covered.UNIQUE_RULE):
        rule = next(one for one in snapshot.by_name[each.object_name].indexes if one.id == each.id)
        if rule.pack or not any((each.object_name, name) in asked.fields for name in rule.index.fields):
            found.note(NotAdditive(name=", ".join(rule.index.fields)), "coordinates", at)


def _refuse_titles(found: Findings, snapshot: Snapshot, asked: _Asked) -> None:
    """What records are called by is taken from nobody who sees them."""
    for at, each in asked.beside(Covered.FIELD):
        if snapshot.by_name[each.object_name].title_field == each.field_name:
            found.note(NotAdditive(name=each.field_name), "coordinates", at)


def _refuse_what_applies(found: Findings, snapshot: Snapshot, asked: _Asked) -> None:
    """A layout or a validation rule that is there applies to everybody, unless it is one of what is covered with it."""
    for at, each in asked.beside(Covered.LAYOUT, Covered.VALIDATION_RULE):
        name = each.object_name
        if each.kind is Covered.VALIDATION_RULE:
            rule = next(one for one in snapshot.by_name[each.object_name].validation if one.id == each.id)
            looked_at = field_rules.looked_at(snapshot.registry.shape, each.object_name, rule.condition)
            if not looked_at.isdisjoint(asked.fields) or any(of in asked.objects for of, _ in looked_at):
                continue
            name = rule.name
        found.note(NotAdditive(name=name), "coordinates", at)


async def _refuse_data(work: DefinitionWork, found: Findings, snapshot: Snapshot, asked: _Asked) -> None:
    places = [(at, each) for at, each in asked.places if each.kind in {Covered.OBJECT, Covered.FIELD}]
    tables = sorted({snapshot.by_name[each.object_name].table for _, each in places})
    # Nobody writes between the count and the commit.
    await metadata.run(work, [], tables)
    for at, each in places:
        thing = snapshot.by_name[each.object_name]
        count = await _filled(work, thing, thing.field(each.field_name))
        if count:
            found.note(HoldsData(name=each.field_name or each.object_name, count=count), "coordinates", at)


async def _filled(work: DefinitionWork, thing: ObjectDefinition, definition: FieldDefinition | None) -> int:
    if definition is None:
        return await metadata.records_in(work, thing.table)
    field = definition.field
    # What is computed holds only what something else holds already.
    if field.is_shown or field.type.computed:
        return 0
    return await metadata.values_in(work, thing, definition)


def _id(raw: object) -> UUID:
    found = raw if isinstance(raw, UUID) else record_id(raw)
    if found is None:
        raise RelationNotFound
    return found
