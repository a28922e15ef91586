"""Creating or changing records by the value of a unique field: who has it is changed, everyone else is created."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from schema.metadata.errors import Required, StillBuilding, UniqueTaken
from schema.metadata.fields import FieldState
from services.permissions import Verb
from services.records import changing, creation, inputs, uniqueness
from services.records.errors import BulkNotAllowed, NotUniqueField, ObjectNotWritable, TooManyRecords
from services.records.locks import LockedRecord
from services.records.relations import Draft
from services.records.targets import open_target, refuse_too_many
from services.records.uniqueness import Claim, Holder, Rule
from services.records.written import Written
from tenants.errors import Duplicate, Refused, Stale, Violation

if TYPE_CHECKING:
    from services.records.targets import Target
    from tenants.context import Work
    from tenants.errors import PathStep


class Whole(Protocol):
    """How records are written that come with their lines or links."""

    @property
    def beside(self) -> Collection[str]:
        """What the lines look at of the record that they belong to."""

    async def change(self, target: Target, record: LockedRecord, draft: Draft) -> None:
        """Change a locked record with what was given in it."""

    async def create(self, target: Target, drafts: Sequence[Draft]) -> Written:
        """Create records with what was given in them; the good ones, if others are not."""


# Records that are refused while others are changed leave one try after another.
_TRIES = 3
# Records that are there already and come with their lines or links: each takes a dozen statements under the locks of all.
MOST_WHOLE = 100


@dataclass
class _Sorted:
    """The records of an upsert by what becomes of them; each draft keeps its position in its path."""

    changes: dict[UUID, Draft] = field(default_factory=dict)
    creations: list[Draft] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)

    def refuse(self, refusal: Refused) -> None:
        """Note what is wrong, and leave the records out that it is wrong with."""
        self.violations += refusal.violations
        self.duplicates += refusal.duplicates
        self.leave_out()

    def leave_out(self) -> None:
        """Go on without the records that have a violation."""
        wrong = {violation.path[0] for violation in self.violations}
        self.changes = {each: draft for each, draft in self.changes.items() if draft.path[0] not in wrong}
        self.creations = [draft for draft in self.creations if draft.path[0] not in wrong]

    @property
    def refusal(self) -> Refused:
        """Everything found wrong, each thing once."""
        found = {(each.path, each.fault.code): each for each in self.violations}
        return Refused(creation.in_order(tuple(found.values())), tuple(dict.fromkeys(self.duplicates)))


async def upsert(
    work: Work,
    object_name: str,
    records: Sequence[Mapping[str, object]],
    *,
    by: str,
    skip_errors: bool = False,
    whole: Whole | None = None,
) -> Written:
    """Change the live record that has the value of the unique field `by`, else create one.

    Who has the value out of the caller's sight is never changed: the value is taken.
    """
    refuse_too_many(len(records))
    target = await open_target(work, object_name, Verb.CREATE, Verb.UPDATE)
    rule = _rule(target, by)
    read = [inputs.for_change(target, record, (at,)) for at, record in enumerate(records)]
    drafts = [Draft((at,), values) for at, (values, _) in enumerate(read)]
    claims = [Claim(draft.path, draft.values) for draft in drafts]
    wrong = [violation for _, found in read for violation in found]
    wrong += _without_key(drafts, rule, by, {violation.path for violation in wrong})
    wrong += uniqueness.clashes(target, (rule,), claims).violations
    plan = _sort(target, records, drafts, await uniqueness.holders(target, rule, claims), by)
    plan.violations += wrong
    plan.leave_out()
    looked = len(plan.violations)
    # Creating many is creating; what stands there already is changed as one of a set.
    at_once = replace(target, in_bulk=True)
    if plan.changes and not target.rights.arms(Verb.BULK):
        raise BulkNotAllowed(object=object_name)
    if whole is not None and len(plan.changes) > MOST_WHOLE:
        raise TooManyRecords(max=MOST_WHOLE, count=len(plan.changes))
    locked = await _lock(at_once, plan.changes, rule, () if whole is None else whole.beside)
    changes = _change(at_once, plan, locked) if whole is None else _change_whole(at_once, plan, locked, whole)
    written = await changes
    written |= await _create(target, plan, whole)
    if any(isinstance(each.fault, UniqueTaken) and each.path[1:] == (by,) for each in plan.violations[looked:]):
        # Created by somebody else since we looked: run again, it is a change now.
        raise Stale
    if plan.violations and not skip_errors:
        raise plan.refusal
    refusal = plan.refusal
    return Written(tuple(written[at] for at in sorted(written)), refusal.violations, refusal.duplicates)


async def _change(target: Target, plan: _Sorted, locked: Mapping[UUID, LockedRecord]) -> dict[int, UUID]:
    for _ in range(_TRIES):
        try:
            await changing.change(target, plan.changes, locked)
        except Refused as refusal:
            plan.refuse(refusal)
        else:
            return {_position(draft): each for each, draft in plan.changes.items()}
    raise plan.refusal


async def _change_whole(
    target: Target, plan: _Sorted, locked: Mapping[UUID, LockedRecord], whole: Whole
) -> dict[int, UUID]:
    """One after another, because each has lines of its own; of one that is refused nothing stays."""
    done = {}
    for each in sorted(plan.changes):
        draft = plan.changes[each]
        try:
            async with target.work.session.savepoint():
                await whole.change(target, locked[each], draft)
        except Refused as refusal:
            plan.violations += refusal.violations
            plan.duplicates += refusal.duplicates
        else:
            done[_position(draft)] = each
    return done


async def _create(target: Target, plan: _Sorted, whole: Whole | None) -> dict[int, UUID]:
    if whole is None:
        created = await creation.insert(target, plan.creations, (), skip_errors=True)
    else:
        created = await whole.create(target, plan.creations)
    wrong = {violation.path[0] for violation in created.violations}
    good = [_position(draft) for draft in plan.creations if draft.path[0] not in wrong]
    plan.violations += created.violations
    plan.duplicates += created.duplicates
    return dict(zip(good, created.ids, strict=True))


def _position(draft: Draft) -> int:
    (position,) = draft.path
    assert isinstance(position, int), "drafts of a set are named by their position"
    return position


def _rule(target: Target, by: str) -> Rule:
    key = target.by_input.get(by)
    if key is None or not key.is_unique:
        raise NotUniqueField(field=by)
    if key.state is FieldState.BUILDING:
        # Who has a value could be found by a look through the whole table only, and two might be made of it at once.
        raise StillBuilding
    return Rule((key,))


def _without_key(
    drafts: Sequence[Draft], rule: Rule, by: str, refused: Collection[tuple[PathStep, ...]]
) -> list[Violation]:
    (key,) = rule.fields
    paths = [(*draft.path, by) for draft in drafts if draft.values.get(key.name) is None]
    return [Violation(path, Required()) for path in paths if path not in refused]


def _sort(
    target: Target,
    records: Sequence[Mapping[str, object]],
    drafts: Sequence[Draft],
    holders: Mapping[int, Holder],
    by: str,
) -> _Sorted:
    plan = _Sorted()
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


async def _lock(
    target: Target, changes: Mapping[UUID, Draft], rule: Rule, beside: Collection[str]
) -> dict[UUID, LockedRecord]:
    locked = await changing.lock_to_change(target, changes, beside)
    if len(locked) < len(changes):
        raise ObjectNotWritable(object=target.name)
    for each, draft in changes.items():
        if rule.values(Claim((), locked[each].values)) != rule.values(Claim((), draft.values)):
            # It gave the value up between our look and our lock: look again.
            raise Stale
    return locked
