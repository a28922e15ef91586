"""Records written together with their lines: one mutation, one transaction, everything wrong with either told at once.

A record without line tables, or whose lines are not given, is written as it is. Heads are locked before their lines, and
a head moves on to its next version with every line that does, so that `ifVersion` covers the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from services.permissions import Verb
from services.records import changing, creation, inputs, lines, locks, upserting
from services.records.errors import LinesOfOneHead
from services.records.lines import Head
from services.records.relations import Draft
from services.records.statements import Life
from services.records.targets import open_target, refuse_too_many
from services.records.written import Written
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from services.records.lines import Given, Lines
    from services.records.targets import Target
    from tenants.context import Work

_WHATEVER: Mapping[str, object] = {}


async def create(
    work: Work,
    object_name: str,
    records: Sequence[Given],
    *,
    skip_errors: bool = False,
    opened: Collection[str] = inputs.NO_FIELDS,
) -> Written:
    """Create records with the lines that are given in them. All violations are reported at once.

    With `skip_errors` the good ones are written; a record is good if its lines are. `opened` names read-only fields
    that the calling verb of the platform fills.
    """
    refuse_too_many(len(records))
    target = await open_target(work, object_name, Verb.CREATE)
    apart = [lines.taken_apart(target, record) for record in records]
    if not any(given for _, given in apart):
        return await creation.create(work, object_name, records, skip_errors=skip_errors, opened=opened)
    drafts, violations = creation.read(target, [own for own, _ in apart], opened)
    drafts = [replace(draft, id=work.ids.new(target.number)) for draft in drafts]
    batch = await creation.examine(target, drafts, violations, is_part=True)
    tables = await _new_lines(target, drafts, [given for _, given in apart])
    batch.violations += [violation for each in tables for violation in each.violations]
    batch.settle(skip_errors=skip_errors)
    written = await creation.enter(target, batch, skip_errors=skip_errors)
    for each in tables:
        await lines.enter(each, of=frozenset(written.ids))
    return written


async def update(  # noqa: PLR0913 - each of them is named
    work: Work,
    object_name: str,
    ids: Sequence[UUID],
    changes: Given,
    *,
    if_version: int | None = None,
    skip_missing: bool = False,
    only_if: Mapping[str, object] = _WHATEVER,
    in_bulk: bool = False,
    opened: Collection[str] = inputs.NO_FIELDS,
) -> Written:
    """Set the same fields of every record named, or those of one record together with its lines."""
    target = await open_target(work, object_name, Verb.UPDATE, in_bulk=in_bulk)
    own, given = lines.taken_apart(target, changes)
    if given and (in_bulk or len(ids) != 1):
        raise Refused(tuple(Violation(("set", name), LinesOfOneHead()) for name in sorted(given)))
    if given:
        return await _update_with_lines(target, ids[0], own, given, if_version=if_version, opened=opened)
    return await changing.update(
        work,
        object_name,
        ids,
        changes,
        if_version=if_version,
        skip_missing=skip_missing,
        only_if=only_if,
        in_bulk=in_bulk,
        opened=opened,
    )


async def upsert(
    work: Work, object_name: str, records: Sequence[Given], *, by: str, skip_errors: bool = False
) -> Written:
    """Change the live record that has the value of the unique field `by`, else create one; neither with its lines."""
    refuse_too_many(len(records))
    target = await open_target(work, object_name, Verb.CREATE, Verb.UPDATE)
    given = [lines.taken_apart(target, record)[1] for record in records]
    if any(given):
        raise Refused(
            tuple(Violation((at, name), LinesOfOneHead()) for at, each in enumerate(given) for name in sorted(each))
        )
    return await upserting.upsert(work, object_name, records, by=by, skip_errors=skip_errors)


async def _new_lines(
    target: Target, drafts: Sequence[Draft], given: Sequence[Mapping[str, Sequence[Given]]]
) -> list[Lines]:
    names = sorted({name for each in given for name in each})
    return [
        await lines.examine_new(
            lines.table_of(target, name),
            [
                (_head(target, draft, name), each[name])
                for draft, each in zip(drafts, given, strict=True)
                if name in each
            ],
        )
        for name in names
    ]


def _head(target: Target, draft: Draft, name: str) -> Head:
    assert draft.id is not None, "heads of lines are named before they are written"
    return Head(draft.id, draft.values.get(target.object.owner_field), (*draft.path, name))


async def _update_with_lines(
    target: Target,
    head_id: UUID,
    own: Given,
    given: Mapping[str, Sequence[Given]],
    *,
    if_version: int | None,
    opened: Collection[str],
) -> Written:
    values, violations = inputs.for_change(target, own, (), opened)
    drafts = {head_id: Draft((0,), values)}
    owner = target.object.owner_field
    locked = await changing.lock_to_change(target, drafts, {owner} if owner else ())
    await locks.refuse_missing(target, (head_id,), locked, Life.LIVE)
    violations += locks.version_conflicts((head_id,), locked, if_version)
    head = Head(head_id, values.get(owner, locked[head_id].values.get(owner)), (0,))
    tables = [
        await lines.examine_whole(lines.table_of(target, name), replace(head, path=(0, name)), given[name])
        for name in sorted(given)
    ]
    violations += [violation for each in tables for violation in each.violations]
    has_changed = any(each.has_changed for each in tables)
    moves = await changing.examine(target, drafts, locked, opened, as_changed=has_changed)
    if violations or moves.violations:
        raise Refused(creation.in_order((*violations, *moves.violations)), moves.duplicates)
    # Lines first: what the head is about to become may close them.
    for each in tables:
        await lines.enter(each)
    await changing.enter(target, moves, locked)
    return Written((head_id,))
