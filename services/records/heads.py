"""Records written together with their lines and links: one mutation, one transaction, everything wrong told at once.

A record of which neither is given is written as it is. Heads are locked before their lines, and a head moves on to its
next version with every line or link that does, so that `ifVersion` covers the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from services.permissions import Verb
from services.records import changing, creation, inputs, lines, links, locks, upserting
from services.records.errors import LinesOfOneHead
from services.records.lines import Head
from services.records.links import Wanted
from services.records.relations import Draft
from services.records.statements import Life
from services.records.targets import open_target, refuse_too_many
from services.records.written import Written
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from services.records.lines import Given, Lines, Path
    from services.records.links import Moved
    from services.records.locks import LockedRecord
    from services.records.targets import Target
    from tenants.context import Work


@dataclass(frozen=True, slots=True)
class Parts:
    """A record as it is given: its own fields, and by name its lines and its links."""

    own: Given
    lines: Mapping[str, Sequence[Given]]
    links: Mapping[str, Given]

    @property
    def has_parts(self) -> bool:
        """Whether there is more than its own fields."""
        return bool(self.lines or self.links)


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
    apart = [_apart(target, record) for record in records]
    if not any(each.has_parts for each in apart):
        return await creation.create(work, object_name, records, skip_errors=skip_errors, opened=opened)
    drafts, violations = creation.read(target, [each.own for each in apart], opened)
    return await _create_whole(target, drafts, violations, apart, skip_errors=skip_errors)


async def _create_whole(
    target: Target,
    given: Sequence[Draft],
    violations: Sequence[Violation],
    apart: Sequence[Parts],
    *,
    skip_errors: bool,
) -> Written:
    """New records with the parts of each beside it."""
    work = target.work
    drafts = [replace(draft, id=work.ids.new(target.number)) for draft in given]
    linked = await _links(target, [(_made(draft), draft.path) for draft in drafts], [each.links for each in apart])
    noted = [replace(draft, notes=_notes(linked, _made(draft))) for draft in drafts]
    batch = await creation.examine(target, noted, violations, is_part=True)
    tables = await _new_lines(target, drafts, [each.lines for each in apart])
    batch.violations += [*_found(linked), *_found(tables)]
    batch.settle(skip_errors=skip_errors)
    written = await creation.enter(target, batch, skip_errors=skip_errors)
    for moved in linked:
        await links.enter(moved, of=frozenset(written.ids))
    for table in tables:
        await lines.enter(table, of=frozenset(written.ids))
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
    """Set the same fields and links of every record named, or the fields of one record together with its lines."""
    target = await open_target(work, object_name, Verb.UPDATE, in_bulk=in_bulk)
    apart = _apart(target, changes)
    if apart.lines and (in_bulk or len(ids) != 1):
        raise Refused(tuple(Violation(("set", name), LinesOfOneHead()) for name in sorted(apart.lines)))
    if apart.has_parts:
        refuse_too_many(len(ids))
        return await _update_whole(target, ids, apart, if_version=if_version, skip_missing=skip_missing, opened=opened)
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
    """Change the live record that has the value of the unique field `by`, else create one, with its lines and links."""
    refuse_too_many(len(records))
    target = await open_target(work, object_name, Verb.CREATE, Verb.UPDATE)
    apart = [_apart(target, record) for record in records]
    refuse_too_many(sum(len(rows) for each in apart for rows in each.lines.values()))
    owner = target.object.owner_field
    whole = _Whole(apart, {owner} if owner else set()) if any(each.has_parts for each in apart) else None
    own = [each.own for each in apart]
    return await upserting.upsert(work, object_name, own, by=by, skip_errors=skip_errors, whole=whole)


@dataclass(frozen=True, slots=True)
class _Whole:
    """Records of an upsert with their parts, which drafts are found by at their position."""

    apart: Sequence[Parts]
    beside: Collection[str]

    async def change(self, target: Target, record: LockedRecord, draft: Draft) -> None:
        await _change_whole(target, {record.id: record}, {record.id: draft}, self._of(draft))

    async def create(self, target: Target, drafts: Sequence[Draft]) -> Written:
        return await _create_whole(target, drafts, (), [self._of(each) for each in drafts], skip_errors=True)

    def _of(self, draft: Draft) -> Parts:
        position = draft.path[0]
        assert isinstance(position, int), "drafts of a set are named by their position"
        return self.apart[position]


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
    return Head(_made(draft), draft.values.get(target.object.owner_field), (*draft.path, name))


def _made(draft: Draft) -> UUID:
    assert draft.id is not None, "heads are named before they are written"
    return draft.id


async def _update_whole(
    target: Target,
    ids: Sequence[UUID],
    apart: Parts,
    *,
    if_version: int | None,
    skip_missing: bool,
    opened: Collection[str],
) -> Written:
    values, violations = inputs.for_change(target, apart.own, (), opened)
    ids = tuple(dict.fromkeys(ids))
    drafts = {each: Draft((at,), values) for at, each in enumerate(ids)}
    owner = target.object.owner_field
    locked = await changing.lock_to_change(target, drafts, {owner} if owner else ())
    if skip_missing:
        ids = tuple(each for each in ids if each in locked)
    await locks.refuse_missing(target, ids, locked, Life.LIVE)
    violations += locks.version_conflicts(ids, locked, if_version)
    await _change_whole(target, locked, {each: drafts[each] for each in ids}, apart, violations, opened)
    return Written(ids)


async def _change_whole(  # noqa: PLR0917 - what is there, what is given, and what is wrong with it so far
    target: Target,
    locked: Mapping[UUID, LockedRecord],
    drafts: Mapping[UUID, Draft],
    apart: Parts,
    known: Sequence[Violation] = (),
    opened: Collection[str] = inputs.NO_FIELDS,
) -> None:
    """Change locked records with the same links, or one of them with its lines."""
    ids = tuple(drafts)
    linked = await _links(target, [(each, drafts[each].path) for each in ids], [apart.links] * len(ids))
    tables = [
        await lines.examine_whole(
            lines.table_of(target, name), _changed_head(target, locked[ids[0]], drafts[ids[0]], name), apart.lines[name]
        )
        for name in sorted(apart.lines)
    ]
    violations = [*known, *_found(linked), *_found(tables)]
    touched = {each for moved in linked for each in moved.touched}
    touched |= {ids[0]} if any(each.has_changed for each in tables) else set()
    noted = {each: replace(drafts[each], notes=_notes(linked, each)) for each in ids}
    moves = await changing.examine(target, noted, locked, opened, touched=touched)
    if violations or moves.violations:
        raise Refused(creation.in_order((*violations, *moves.violations)), moves.duplicates)
    # Lines first: what the head is about to become may close them.
    for table in tables:
        await lines.enter(table)
    await changing.enter(target, moves, locked)
    for moved in linked:
        await links.enter(moved)


def _changed_head(target: Target, record: LockedRecord, draft: Draft, name: str) -> Head:
    owner = target.object.owner_field
    return Head(record.id, draft.values.get(owner, record.values.get(owner)), (*draft.path, name))


async def _links(
    target: Target, records: Sequence[tuple[UUID, Path]], given: Sequence[Mapping[str, Given]]
) -> list[Moved]:
    names = sorted({name for each in given for name in each})
    return [
        await links.examine(
            target,
            name,
            [
                Wanted(record, (*path, name), each[name])
                for (record, path), each in zip(records, given, strict=True)
                if name in each
            ],
        )
        for name in names
    ]


def _found(parts: Sequence[Lines] | Sequence[Moved]) -> list[Violation]:
    return [violation for each in parts for violation in each.violations]


def _notes(linked: Sequence[Moved], record: UUID) -> dict[str, object]:
    return {number: note for moved in linked for number, note in moved.note(record).items()}


def _apart(target: Target, record: Given) -> Parts:
    rest, of_lines = lines.taken_apart(target, record)
    own, of_links = links.taken_apart(target, rest)
    return Parts(own, of_lines, of_links)
