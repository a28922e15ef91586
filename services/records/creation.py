"""Creating records, one or a thousand: rules over all of them, one statement, and no half of a set unless asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from services.events import Kind
from services.permissions.policy import Verb
from services.records import (
    attaching,
    crowding,
    decided,
    formulas,
    head_rights,
    inputs,
    numbering,
    ordering,
    relations,
    rollups,
    sealing,
    statements,
    stored,
    uniqueness,
    validity,
)
from services.records.reactions import WrittenSet, react
from services.records.relations import Draft
from services.records.targets import Target, open_target, refuse_too_many
from services.records.trace import Deed
from services.records.uniqueness import Claim, Rule, Taken
from services.records.writing import write
from services.records.written import Written
from tenants.errors import Duplicate, Refused, Unavailable, Violation

if TYPE_CHECKING:
    import asyncpg

    from services.records.rollups import Beside
    from tenants.context import Work

# A value that is taken at one try and free at the next can only be a race; three in a row are not met in practice.
_TRIES = 3


@dataclass
class Batch:
    """Records on their way in: those still good, and everything found wrong so far."""

    drafts: list[Draft]
    violations: list[Violation]
    duplicates: list[Duplicate]

    @property
    def claims(self) -> list[Claim]:
        """The good records as the unique rules see them."""
        return [Claim(draft.path, draft.values, given=draft.values) for draft in self.drafts]

    def refuse(self, taken: Taken) -> None:
        """Leave out the records at these positions."""
        self.violations += taken.violations
        self.duplicates += taken.duplicates
        self.drafts = [draft for at, draft in enumerate(self.drafts) if at not in taken.positions]

    def settle(self, *, skip_errors: bool) -> None:
        """Go on with the good records, or refuse the whole set."""
        if self.violations and not skip_errors:
            raise Refused(in_order(self.violations), tuple(dict.fromkeys(self.duplicates)))
        wrong = {violation.path[0] for violation in self.violations}
        self.drafts = [draft for draft in self.drafts if draft.path[0] not in wrong]


async def create(
    work: Work,
    object_name: str,
    records: Sequence[Mapping[str, object]],
    *,
    skip_errors: bool = False,
    opened: Collection[str] = inputs.NO_FIELDS,
) -> Written:
    """Create records. All violations are reported at once; with `skip_errors` the good ones are written.

    `opened` names read-only fields that the calling verb of the platform fills.
    """
    refuse_too_many(len(records))
    target = await open_target(work, object_name, Verb.CREATE)
    drafts, violations = read(target, records, opened)
    return await insert(target, drafts, violations, skip_errors=skip_errors)


def read(
    target: Target, records: Sequence[Mapping[str, object]], opened: Collection[str]
) -> tuple[list[Draft], list[Violation]]:
    """The values of new records, and every violation in them."""
    found = [inputs.for_creation(target, record, (at,), opened) for at, record in enumerate(records)]
    drafts = [Draft((at,), values) for at, (values, _) in enumerate(found)]
    return drafts, [violation for _, wrong in found for violation in wrong]


async def insert(
    target: Target, drafts: Sequence[Draft], violations: Sequence[Violation], *, skip_errors: bool
) -> Written:
    """Insert drafts whose values were read already, with what was found wrong in them."""
    batch = await examine(target, drafts, violations)
    batch.settle(skip_errors=skip_errors)
    return await enter(target, batch, skip_errors=skip_errors)


async def examine(
    target: Target, drafts: Sequence[Draft], violations: Sequence[Violation], *, is_part: bool = False
) -> Batch:
    """Everything that is wrong with drafts, found before any of them is written.

    Of a part of something larger that may yet be refused, also what the unique index would tell in time.
    """
    wrong = [*violations, *await relations.check(target, drafts)]
    drafts = await ordering.placed(target, drafts)
    batch = Batch(drafts, wrong, [])
    batch.violations += await attaching.refuse_foreign(target, [(draft, None) for draft in drafts])
    batch.violations += await validity.refuse_new(target, drafts, batch.violations)
    rules = uniqueness.rules_of(target)
    is_bad = bool(batch.violations)
    batch.refuse(uniqueness.clashes(target, rules, batch.claims))
    if is_bad or is_part:
        batch.refuse(await uniqueness.taken(target, uniqueness.built(rules), batch.claims))
    return batch


async def enter(
    target: Target, batch: Batch, *, skip_errors: bool, along_with: Collection[UUID] = frozenset()
) -> Written:
    """Insert what is good of a batch. What it comes `along_with` is entered by the same verb."""
    await head_rights.refuse_new(target, batch.drafts, along_with)
    await crowding.refuse_crowded(target, [draft.values for draft in batch.drafts])
    await decided.refuse_new_parts(target, batch.drafts, along_with)
    numbered = [
        replace(draft, values=values)
        for draft, values in zip(
            batch.drafts, await numbering.numbered(target, [draft.values for draft in batch.drafts]), strict=True
        )
    ]
    batch.drafts = formulas.of_new(target, numbered)
    written = await _insert_until_free(target, batch, uniqueness.rules_of(target), skip_errors=skip_errors)
    await attaching.attach(target, written)
    await react(target.work, written)
    return Written(written.ids, in_order(batch.violations), tuple(dict.fromkeys(batch.duplicates)))


def in_order(violations: Sequence[Violation]) -> tuple[Violation, ...]:
    """By record, then as found."""
    return tuple(sorted(violations, key=lambda each: each.path[0] if isinstance(each.path[0], int) else 0))


async def _insert_until_free(target: Target, batch: Batch, rules: Sequence[Rule], *, skip_errors: bool) -> WrittenSet:
    done: list[tuple[Draft, Deed]] = []
    deeds = [_birth(target, draft) for draft in batch.drafts]
    beside = rollups.beside(target, Kind.CREATED, deeds, {})
    for _ in range(_TRIES):
        if not batch.drafts:
            break
        answer = await _insert(target, batch.drafts, deeds, beside)
        # Each time, for a later one may find nothing new to tell.
        await rollups.keep(beside, answer)
        ids = frozenset(answer["ids"])
        pairs = list(zip(batch.drafts, deeds, strict=True))
        done += [pair for pair in pairs if pair[1].id in ids]
        batch.drafts = [draft for draft, deed in pairs if deed.id not in ids]
        # The index let these out; who holds their values is committed by now and can be asked for.
        batch.refuse(await uniqueness.taken(target, rules, batch.claims))
        batch.settle(skip_errors=skip_errors)
        deeds = [_birth(target, draft) for draft in batch.drafts]
    if batch.drafts:
        raise Unavailable
    deeds = [deed for _, deed in sorted(done, key=lambda pair: _position(pair[0]))]
    return WrittenSet(target.name, Kind.CREATED, tuple(deeds), beside.kept)


async def _insert(target: Target, drafts: Sequence[Draft], deeds: Sequence[Deed], beside: Beside) -> asyncpg.Record:
    fields = target.stored_fields
    columns = stored.columns_of(fields.values())
    sealer = await sealing.sealer(target, fields.values())
    rows = [
        {"id": str(deed.id), **stored.row(fields, columns, sealer.sealed(deed.id, draft.values))}
        for draft, deed in zip(drafts, deeds, strict=True)
    ]
    template = statements.insertion(target.name, columns, beside.along)
    return await write(target, template, Kind.CREATED, deeds, rows, beside.values)


def _birth(target: Target, draft: Draft) -> Deed:
    changes = {name: (None, each) for name, each in draft.values.items() if each is not None}
    return Deed(draft.id or target.work.ids.new(target.number), 1, changes, draft.notes)


def _position(draft: Draft) -> int:
    position = draft.path[0]
    return position if isinstance(position, int) else 0
