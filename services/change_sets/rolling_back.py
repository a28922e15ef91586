"""Goes back to what was live after an earlier publication, by one more publication: so one goes forward again the same way.

Values survive. Fields and objects that came since are retired, what was retired lives again, types are changed back by
the verb that does so, and everything else is set back. What was destroyed stays so, and is told by its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.errors import StillBuilding
from schema.metadata.fields import FieldState
from schema.tables.change_sets import PublicationKind
from services import layouts, metadata, type_changes
from services.audit import Entry
from services.change_sets import undoing
from services.change_sets.errors import NothingToRollBack, PublicationNotFound, RoleGone, TypeNotKept
from services.change_sets.publishing import settle
from services.change_sets.rehearsing import differences_of
from services.change_sets.steps import retyped
from services.metadata import LAYOUT, Cause, Difference, Gathering, RowChange, Snapshot
from tenants.errors import Conflict, Invalid, NotFound, Refused, Violation

if TYPE_CHECKING:
    from services.change_sets.publishing import Published
    from services.change_sets.undoing import Was
    from tenants.context import DefinitionWork, ReadWork

_RECORDS = {
    "object": "objectDefinition",
    "field": "fieldDefinition",
    "choice": "choiceOption",
    "validationRule": "validationRule",
    "uniqueRule": "indexDefinition",
}


@dataclass(frozen=True, slots=True)
class WayBack:
    """What going back would come to, and what stands in its way."""

    differences: tuple[Difference, ...]
    violations: tuple[Violation, ...]


async def roll_back_to(work: DefinitionWork, number: int, *, clears: bool = False) -> Published:
    """Let the definitions be what they were after this publication; before the first one with 0."""
    gathering = metadata.gather(work, await metadata.opened(work), rehearses=False)
    violations = await _gone_back(gathering, number, clears=clears)
    if violations:
        raise Refused(violations)
    return await settle(gathering, Cause(PublicationKind.ROLL_BACK, rolls_back_to=number))


async def way_back_to(work: ReadWork, number: int, *, clears: bool = False) -> WayBack:
    """The same, only tried: nothing is written and nobody waits."""
    gathering = metadata.gather(work, await metadata.opened(work), rehearses=True)
    violations = await _gone_back(gathering, number, clears=clears)
    return WayBack(differences_of(gathering), violations)


async def _gone_back(work: Gathering, number: int, *, clears: bool) -> tuple[Violation, ...]:
    last = await metadata.last_number(work)
    if not 0 <= number <= last:
        raise PublicationNotFound
    publications = await metadata.since(work, number)
    came, tops = undoing.added_by(publications)
    gathered, violations, typed = work.gathered, list[Violation](), set[UUID]()
    gathered.now = undoing.retired(gathered.now, tops)
    retyped = [undoing.retyped(changes) for changes in publications]
    first = undoing.first_of(publications)
    for at, changes in enumerate(publications):
        for field_id in retyped[at] - came - typed:
            # At once what it was before the first of these: what was in between keeps no value from going there.
            violations += await _retyped(work, field_id, first[field_id], clears=clears)
            typed.add(field_id)
        gathered.now, gone = undoing.undone(gathered.now, changes, leave=came, typed=typed)
        violations += gone
        typed &= set().union(*retyped[at + 1 :])
    violations += [*_building(gathered.before, gathered.now), *await _layouts(work, publications)]
    return tuple(violations) or await _checked(work, number)


async def _retyped(work: Gathering, field_id: UUID, was: Was, *, clears: bool) -> Sequence[Violation]:
    """Let a field be of the type that it was; its values go back with it."""
    objects = work.gathered.now.objects
    thing, field = next((thing, each) for thing in objects for each in thing.fields if each.id == field_id)
    name = f"{thing.name}.{field.name}"
    way = await type_changes.way_to(work, field, was.column)
    if field.is_destroyed or way == ():
        return ()
    if way is None:
        return (Violation(("to", name), TypeNotKept(name=name, type=was.type_name or field.field.type_name)),)
    try:
        await retyped(work, lambda: type_changes.take_back(work, thing.name, field.name, way, clears=clears))
    except Refused as refused:
        return tuple(Violation(("to", name), each.fault) for each in refused.violations)
    except (Conflict, Invalid, NotFound) as fault:
        return (Violation(("to", name), fault),)
    return ()


def _building(before: Snapshot, after: Snapshot) -> list[Violation]:
    """What is still being built changes no more until it is."""
    now = {each.id: each for thing in after.objects for each in thing.fields}
    return [
        Violation(("to", f"{thing.name}.{each.name}"), StillBuilding())
        for thing in before.objects
        for each in thing.fields
        if each.field.state is FieldState.BUILDING and now[each.id] != each
    ]


async def _layouts(work: Gathering, publications: Sequence[Sequence[RowChange]]) -> list[Violation]:
    """Layouts as they were before the first of these publications; one gives way before another takes its place."""
    oldest = {each.id: each for changes in publications for each in changes if each.table == LAYOUT}
    ordered = sorted(oldest.values(), key=lambda each: each.before is not None)
    return [
        Violation(("to", ".".join(filter(None, (each.object_name, each.name)))), RoleGone())
        for each in ordered
        if not await layouts.put_back(work, each)
    ]


async def _checked(work: Gathering, number: int) -> tuple[Violation, ...]:
    """The definitions that it comes to have to hold like those of any other change."""
    gathered = work.gathered
    target, told = gathered.now, metadata.between(gathered.first, gathered.now)
    if not metadata.row_changes(gathered.first, gathered.now) and not gathered.others:
        raise NothingToRollBack
    gathered.now = gathered.before
    try:
        await metadata.change(work, gathered.before, target, [_entry(each, number) for each in told])
    except (Conflict, Invalid) as fault:
        return (Violation(("to",), fault),)
    return ()


def _entry(each: Difference, number: int) -> Entry:
    names = {"object": each.object_name, "field": each.field_name, "name": each.name}
    details = {**{key: name for key, name in names.items() if name}, "rolledBackTo": number}
    action = "updated" if each.action == "changed" else each.action
    return Entry(f"{each.kind}.{action}", _RECORDS[each.kind], each.id, details=details)
