"""Changing records: locked, compared with what they hold, and written only where something moves."""

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
    following,
    formulas,
    head_rights,
    inputs,
    locks,
    ordering,
    relations,
    rollups,
    scopes,
    sealing,
    statements,
    stored,
    uniqueness,
    validity,
)
from services.records.creation import in_order
from services.records.errors import NothingToSet
from services.records.locks import LockedRecord, Wanted
from services.records.reactions import react
from services.records.relations import Draft
from services.records.statements import Life
from services.records.targets import Target, open_target, refuse_too_many
from services.records.trace import Deed
from services.records.uniqueness import Claim, Rule
from services.records.written import Written
from tenants.errors import Duplicate, Refused, Violation

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from services.records.lock_statements import Headed
    from tenants.context import Work

_WHATEVER: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Moves:
    """What of some drafts moves, the unique rules that it touches, and everything found wrong with it."""

    drafts: Mapping[UUID, Draft]
    rules: tuple[Rule, ...]
    violations: tuple[Violation, ...]
    duplicates: tuple[Duplicate, ...]


async def update(  # noqa: PLR0913 - each of them is named
    work: Work,
    object_name: str,
    ids: Sequence[UUID],
    changes: Mapping[str, object],
    *,
    if_version: int | None = None,
    skip_missing: bool = False,
    only_if: Mapping[str, object] = _WHATEVER,
    in_bulk: bool = False,
    opened: Collection[str] = inputs.NO_FIELDS,
) -> Written:
    """Set the same fields of every record named. A record that already holds them is left as it is.

    With `skip_missing` records that went out of reach since they were found are passed over, and those that no longer
    hold, by field name, what `only_if` says; `in_bulk` asks for the right to change sets too.
    """
    refuse_too_many(len(ids))
    if not changes:
        raise Refused((Violation(("set",), NothingToSet()),))
    target = await open_target(work, object_name, Verb.UPDATE, in_bulk=in_bulk)
    values, violations = inputs.for_change(target, changes, (), opened)
    ids = tuple(dict.fromkeys(ids))
    drafts = {each: Draft((at,), values) for at, each in enumerate(ids)}
    locked = await lock_to_change(target, drafts, only_if)
    if skip_missing:
        ids = tuple(each for each in ids if each in locked)
    await locks.refuse_missing(target, ids, locked, Life.LIVE)
    ids = tuple(each for each in ids if only_if.items() <= locked[each].values.items())
    violations += locks.version_conflicts(ids, locked, if_version)
    await change(target, {each: drafts[each] for each in ids}, locked, violations, opened)
    return Written(ids)


async def hold(work: Work, object_name: str, record_id: UUID) -> Mapping[str, object]:
    """Lock one record that the caller may change, for a verb that decides by its values; those, by field name."""
    target = await open_target(work, object_name, Verb.UPDATE)
    wanted = Wanted(scope=scopes.condition(target, Verb.UPDATE))
    locked = await locks.lock(target, (record_id,), target.stored_fields.values(), wanted)
    await locks.refuse_missing(target, (record_id,), locked, Life.LIVE)
    return locked[record_id].values


async def owner_of(work: Work, object_name: str, record_id: UUID) -> UUID | None:
    """Whose a record is, for a verb that decides by it; its owner does not change before the verb is done."""
    return await locks.owner_of(await open_target(work, object_name, Verb.READ), record_id)


async def change(
    target: Target,
    drafts: Mapping[UUID, Draft],
    locked: Mapping[UUID, LockedRecord],
    violations: Sequence[Violation] = (),
    opened: Collection[str] = inputs.NO_FIELDS,
) -> None:
    """Write drafts onto locked records, with what was found wrong in them so far."""
    moves = await examine(target, drafts, locked, opened, known=violations)
    if violations or moves.violations:
        raise Refused(in_order((*violations, *moves.violations)), moves.duplicates)
    await enter(target, moves, locked)


async def examine(
    target: Target,
    drafts: Mapping[UUID, Draft],
    locked: Mapping[UUID, LockedRecord],
    opened: Collection[str] = inputs.NO_FIELDS,
    *,
    touched: Collection[UUID] = (),
    known: Sequence[Violation] = (),
) -> Moves:
    """What of the drafts moves, and everything that is wrong with it beside what is known of their input.

    Those `touched` are written though nothing of their own moves.
    """
    moved = {each: _moved(locked[each], draft) for each, draft in drafts.items()}
    pending = {each: draft for each, draft in moved.items() if draft.values or each in touched}
    refused = decided.refuse_changed(target, pending, locked, opened)
    kept = await relations.owners_kept(target, pending)
    paths = {each.path for each in kept}
    checked = await relations.check(target, tuple(pending.values()))
    pending = dict(zip(pending, await ordering.placed(target, tuple(pending.values())), strict=True))
    found = [*refused, *kept, *(each for each in checked if each.path not in paths)]
    found += attaching.refuse_final(target, [(draft, locked[each]) for each, draft in pending.items()])
    found += await attaching.refuse_foreign(target, [(draft, locked[each]) for each, draft in pending.items()])
    found += await validity.refuse_changed(target, pending, locked, (*known, *found))
    rules = uniqueness.rules_of(target, frozenset(name for draft in pending.values() for name in draft.values))
    claims = [Claim(draft.path, _after(locked[each], draft), each, draft.values) for each, draft in pending.items()]
    clashes = uniqueness.clashes(target, rules, claims)
    taken = await uniqueness.taken(target, uniqueness.built(rules), claims)
    found += [*clashes.violations, *taken.violations]
    return Moves(pending, tuple(rules), tuple(found), tuple(dict.fromkeys(taken.duplicates)))


async def enter(target: Target, moves: Moves, locked: Mapping[UUID, LockedRecord]) -> None:
    """Write what moves."""
    await head_rights.refuse_changed(target, moves.drafts, locked)
    await crowding.refuse_crowded(target, [draft.values for draft in moves.drafts.values()])
    await decided.refuse_changed_parts(target, moves.drafts, locked)
    if moves.drafts:
        await _write(target, formulas.of_changed(target, moves.drafts, locked), locked, moves.rules)


async def lock_to_change(
    target: Target, drafts: Mapping[UUID, Draft], beside: Collection[str]
) -> dict[UUID, LockedRecord]:
    """The records of these drafts that the caller may change, with what they hold of the fields named."""
    names = {*beside, *(name for draft in drafts.values() for name in draft.values)}
    heads = _heads_over(target, {*names, *formulas.looked_at(target, names)})
    wanted = Wanted(scope=scopes.condition(target, Verb.UPDATE), heads=heads)
    return await locks.lock(target, drafts, fields_to_lock(target, names), wanted, rollups.joining(heads, drafts))


def _heads_over(target: Target, names: Collection[str]) -> tuple[Headed, ...]:
    """What is to be locked before records of which these fields change: where they are rolled up, or come to stand."""
    return tuple(sorted({*rollups.heads_over(target, names), *ordering.heads_over(target, names)}))


def fields_to_lock(target: Target, names: Collection[str]) -> list[Field]:
    """The fields that are about to change, those that stand with them in a unique rule, and those that decide over them."""
    beside = {field.name for rule in uniqueness.rules_of(target, frozenset(names)) for field in rule.fields}
    deciding = {*decided.looked_at(target, names), *formulas.looked_at(target, names), *head_rights.looked_at(target)}
    deciding |= ordering.looked_at(target, names)
    deciding |= validity.looked_at(target, {*names, *deciding})
    return [target.fields[name] for name in sorted({*names, *beside, *deciding})]


def _moved(record: LockedRecord, draft: Draft) -> Draft:
    moved = {name: new for name, new in draft.values.items() if inputs.differs(record.values[name], new)}
    return replace(draft, values=moved)


async def _write(
    target: Target, pending: Mapping[UUID, Draft], locked: Mapping[UUID, LockedRecord], rules: Sequence[Rule]
) -> None:
    names = {name for draft in pending.values() for name in draft.values}
    fields = {name: target.fields[name] for name in sorted(names)}
    columns = stored.columns_of(fields.values())
    owner = next((at for at, each in enumerate(columns) if each.field == target.object.owner_field), None)
    deeds = [_deed(locked[each], draft) for each, draft in pending.items()]
    beside = rollups.beside(target, Kind.UPDATED, deeds, locked)
    template = statements.change(
        target.name, columns, scopes.condition(target, Verb.UPDATE), owner=owner, along=beside.along
    )
    # A column that only another record of the set changes is written back as it was: the row is locked.
    sealer = await sealing.sealer(target, fields.values())
    kept = {each: sealer.sealed(each, _after(locked[each], draft)) for each, draft in pending.items()}
    rows = [
        {"id": str(each), "version": locked[each].version, **stored.row(fields, columns, kept[each])}
        for each in pending
    ]
    claims = [Claim(draft.path, _after(locked[each], draft), each, draft.values) for each, draft in pending.items()]
    async with uniqueness.still_free(target, rules, claims):
        written = await rollups.write_beside(target, template, beside, deeds, rows)
    await attaching.attach(target, written)
    await following.follow(target, written)
    await react(target.work, written)


def _deed(record: LockedRecord, draft: Draft) -> Deed:
    changes = {name: (record.values[name], new) for name, new in draft.values.items()}
    return Deed(record.id, record.version + 1, changes, draft.notes)


def _after(record: LockedRecord, draft: Draft) -> Mapping[str, object]:
    return {**record.values, **draft.values}
