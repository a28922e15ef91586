"""What an action decided of a record stays so, but for those who have the action: asked by every write, under locks.

That covers the record's own fields and its parts (the lines of a quote). A part going along with the whole is no change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from services import permissions
from services.records import locks
from services.records.errors import OnlyByAction
from services.records.locks import Wanted
from services.records.statements import Life
from tenants.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.permissions import Decided, Part
    from services.records.locks import LockedRecord
    from services.records.relations import Draft
    from services.records.targets import Target
    from tenants.errors import PathStep


def looked_at(target: Target, names: Collection[str]) -> Iterator[str]:
    """The fields that decide whether those of these names may change."""
    for each in _courses(target):
        course = each.course
        if course.choice in names or any(not kept.isdisjoint(names) for kept in course.keeps.values()):
            yield course.choice
    for part, _ in _wholes(target):
        if not part.fields.isdisjoint(names):
            yield part.relation


def refuse_new(
    target: Target, given: Mapping[str, object], path: tuple[PathStep, ...], opened: Collection[str]
) -> list[Violation]:
    """What a new record must not begin with."""
    return _refused(target, None, given, path, opened)


def refuse_changed(
    target: Target, drafts: Mapping[UUID, Draft], locked: Mapping[UUID, LockedRecord], opened: Collection[str]
) -> list[Violation]:
    """What must not move in records as they stand under their locks."""
    if not _courses(target):
        return []
    return [
        violation
        for each, draft in drafts.items()
        for violation in _refused(target, locked[each].values, draft.values, draft.path, opened)
    ]


async def refuse_new_parts(target: Target, drafts: Iterable[Draft], along_with: Collection[UUID]) -> None:
    """Nothing is added to a record that is decided, unless it came into being with its parts."""
    drafts = tuple(drafts)
    for part, each in _wholes(target):
        wholes = {draft.values.get(part.relation) for draft in drafts}
        await _require_undecided(target, each, wholes.difference(along_with))


async def refuse_changed_parts(
    target: Target, drafts: Mapping[UUID, Draft], locked: Mapping[UUID, LockedRecord]
) -> None:
    """No part of a record that is decided changes, leaves it or comes to it."""
    for part, each in _wholes(target):
        touched = {at: draft for at, draft in drafts.items() if not part.fields.isdisjoint(draft.values)}
        left = {locked[at].values[part.relation] for at in touched}
        await _require_undecided(target, each, left | {draft.values.get(part.relation) for draft in touched.values()})


async def refuse_lost_parts(target: Target, ids: Collection[UUID], along_with: Collection[UUID]) -> None:
    """No part of a record that is decided goes away or comes back, but along with the record itself."""
    for part, each in _wholes(target):
        relation = target.stored_fields[part.relation]
        found = await locks.lock(target, ids, (relation,), Wanted(Life.ANY))
        wholes = {record.values[relation.name] for record in found.values()}
        await _require_undecided(target, each, wholes.difference(along_with))


def _courses(target: Target) -> tuple[Decided, ...]:
    return tuple(each for each in permissions.courses(target.name) if each.course.choice in target.stored_fields)


def _wholes(target: Target) -> tuple[tuple[Part, Decided], ...]:
    """Those that ask for an action that the caller has not."""
    shape = target.registry.shape
    return tuple(
        (part, each)
        for part, each in permissions.wholes(target.name)
        if not target.policy.may(each.action)
        and part.relation in target.stored_fields
        and shape.field(each.course.object_name, each.course.choice) is not None
    )


def _refused(
    target: Target,
    held: Mapping[str, object] | None,
    moved: Mapping[str, object],
    path: tuple[PathStep, ...],
    opened: Collection[str],
) -> list[Violation]:
    violations = []
    for each in _courses(target):
        course = each.course
        if held is not None and course.choice not in held:
            # Nothing that it decides is about to move, so it was not looked at.
            continue
        if not course.decides(None if held is None else held[course.choice], moved):
            continue
        if course.by_button_only and course.choice not in opened:
            violations.append(Violation((*path, course.choice), OnlyByAction(action=each.action)))
        elif not target.policy.may(each.action):
            raise permissions.ActionNotAllowed(action=each.action)
    return violations


async def _require_undecided(target: Target, decided: Decided, wholes: Collection[object]) -> None:
    ids = [each for each in wholes if isinstance(each, UUID)]
    course = decided.course
    whole = target.beside(course.object_name)
    field = whole.stored_fields.get(course.choice)
    if field is None:
        return
    # Locked as if it changed: it is not decided while its parts are written.
    found = await locks.lock(whole, ids, (field,), Wanted(Life.ANY))
    if any(record.values[field.name] in course.keeps for record in found.values()):
        raise permissions.ActionNotAllowed(action=decided.action)
