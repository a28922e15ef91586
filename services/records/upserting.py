"""Creating or changing records by the value of a unique field: who has it is changed, everyone else is created."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from schema.metadata.errors import Required, UniqueTaken
from services.permissions import Verb
from services.records import changing, creation, inputs, locks, scopes, uniqueness
from services.records.errors import NotUniqueField, ObjectNotWritable
from services.records.locks import LockedRecord, Wanted
from services.records.relations import Draft
from services.records.targets import open_target, refuse_too_many
from services.records.uniqueness import Claim, Holder, Rule
from services.records.written import Written
from tenants.errors import Refused, Stale, Violation

if TYPE_CHECKING:
    from services.records.targets import Target
    from tenants.context import Work

T = TypeVar("T")


@dataclass
class _Sorted:
    """The records of an upsert by what becomes of them; each keeps its position."""

    changes: dict[UUID, Draft]
    creations: list[Draft]
    violations: list[Violation]


async def upsert(work: Work, object_name: str, records: Sequence[Mapping[str, object]], *, by: str) -> Written:
    """Change the live record that has the value of the unique field `by`, else create one.

    Who has the value out of the caller's sight is never changed: the value is taken.
    """
    refuse_too_many(len(records))
    target = await open_target(work, object_name, Verb.CREATE, Verb.UPDATE)
    rule = _rule(target, by)
    read = [inputs.for_change(target, record, (at,)) for at, record in enumerate(records)]
    drafts = [Draft((at,), values) for at, (values, _) in enumerate(read)]
    violations = [violation for _, wrong in read for violation in wrong] + _without_key(drafts, rule, by)
    violations += uniqueness.clashes((rule,), [Claim(draft.path, draft.values) for draft in drafts]).violations
    holders = await uniqueness.holders(target, rule, [Claim(draft.path, draft.values) for draft in drafts])
    plan = _sort(target, records, drafts, holders, by)
    locked = await _lock(target, plan.changes, rule)
    violations += plan.violations
    found = {violation.path for violation in violations}
    ids = {draft.path[0]: each for each, draft in plan.changes.items()}
    refusals: list[Refused] = [Refused(tuple(violations))] if violations else []
    await _noting(refusals, changing.change(target, plan.changes, locked))
    created = await _noting(refusals, creation.insert(target, plan.creations, (), skip_errors=False))
    if any(
        isinstance(each.fault, UniqueTaken) and each.path not in found and each.path[-1] == by
        for refusal in refusals
        for each in refusal.violations
    ):
        # Created by somebody else since we looked: run again, it is a change now.
        raise Stale
    if refusals:
        raise _together(refusals)
    assert created is not None, "a creation that was not refused answers"
    ids.update(zip((draft.path[0] for draft in plan.creations), created.ids, strict=True))
    return Written(tuple(ids[at] for at in range(len(records))))


def _rule(target: Target, by: str) -> Rule:
    field = target.by_input.get(by)
    if field is None or not field.is_unique:
        raise NotUniqueField(field=by)
    return Rule((field,))


def _without_key(drafts: Sequence[Draft], rule: Rule, by: str) -> list[Violation]:
    (field,) = rule.fields
    return [Violation((*draft.path, by), Required()) for draft in drafts if draft.values.get(field.name) is None]


def _sort(
    target: Target,
    records: Sequence[Mapping[str, object]],
    drafts: Sequence[Draft],
    holders: Mapping[int, Holder],
    by: str,
) -> _Sorted:
    plan = _Sorted({}, [], [])
    for at, draft in enumerate(drafts):
        holder = holders.get(at)
        if holder is None:
            values, violations = inputs.for_creation(target, records[at], (at,))
            plan.creations.append(Draft((at,), values))
            plan.violations += violations
        elif holder.is_visible:
            plan.changes[holder.id] = draft
        else:
            plan.violations.append(Violation((at, by), UniqueTaken()))
    if plan.creations and not target.rights.create:
        raise ObjectNotWritable(object=target.name)
    return plan


async def _lock(target: Target, changes: Mapping[UUID, Draft], rule: Rule) -> dict[UUID, LockedRecord]:
    names = {name for draft in changes.values() for name in draft.values}
    fields = changing.fields_to_lock(target, names)
    wanted = Wanted(scope=scopes.condition(target, Verb.UPDATE))
    locked = await locks.lock(target, changes, fields, wanted)
    if len(locked) < len(changes):
        raise ObjectNotWritable(object=target.name)
    for each, draft in changes.items():
        if rule.values(Claim((), locked[each].values)) != rule.values(Claim((), draft.values)):
            # It gave the value up between our look and our lock: look again.
            raise Stale
    return locked


async def _noting(refusals: list[Refused], verb: Awaitable[T]) -> T | None:
    try:
        return await verb
    except Refused as refusal:
        refusals.append(refusal)
        return None


def _together(refusals: Sequence[Refused]) -> Refused:
    violations = {(each.path, each.fault.code): each for refusal in refusals for each in refusal.violations}
    duplicates = dict.fromkeys(each for refusal in refusals for each in refusal.duplicates)
    return Refused(creation.in_order(tuple(violations.values())), tuple(duplicates))
