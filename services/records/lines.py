"""The lines of a record (line table, 子表), given and written together with it, each in its place.

A line is a record of its own object: its rights, rules, history and audit are those. What is here is that it belongs to
its head: it points at it, is owned by whoever owns it, and stands where the list has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from schema.metadata.errors import NotAnId
from services.permissions import Level, Verb
from services.records import changing, creation, deletion, inputs, locks, scopes
from services.records.changing import Moves
from services.records.crowding import refuse_more
from services.records.errors import FieldNotWritable, LineNotFound, LineRepeated, ObjectNotWritable
from services.records.locks import Wanted
from services.records.relations import Draft
from services.records.targets import Target, input_name, refuse_too_many
from tenants.errors import Refused, Violation
from tenants.ids import record_id

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from services.records.creation import Batch
    from services.records.locks import LockedRecord
    from tenants.errors import PathStep

Given = Mapping[str, object]
Path = tuple["PathStep", ...]

ID = "id"
_NOTHING_MOVES = Moves({}, (), (), ())


@dataclass(frozen=True, slots=True)
class LineTable:
    """Under which name a head has lines, what they are records of, and which of their fields are the platform's."""

    name: str
    lines: Target
    head: Field
    position: str

    @property
    def kept(self) -> frozenset[str]:
        """The fields of a new line that its head decides."""
        return frozenset({self.head.name, self.position, self.lines.object.owner_field})


@dataclass(frozen=True, slots=True)
class Head:
    """The record whose lines are written: who owns it, and where its lines stand in the input."""

    id: UUID
    owner: object
    path: Path


@dataclass(frozen=True, slots=True)
class Lines:
    """What becomes of the lines that were given: those to enter, those that move, and what is wrong with either."""

    table: LineTable
    new: Batch
    moves: Moves
    locked: Mapping[UUID, LockedRecord]
    has_lost: bool = False

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Everything found wrong."""
        return (*self.new.violations, *self.moves.violations)

    @property
    def has_changed(self) -> bool:
        """Whether any line comes, goes or moves."""
        return bool(self.new.drafts or self.moves.drafts or self.has_lost)


def taken_apart(target: Target, record: Given) -> tuple[Given, dict[str, Sequence[Given]]]:
    """What is given of a record itself, and of its lines by the name of their table; null stands for none."""
    names = {each.name for each in target.object.line_tables}
    given = {name: cast("Sequence[Given]", record[name] or ()) for name in names if name in record}
    return ({name: each for name, each in record.items() if name not in names} if given else record), given


def table_of(target: Target, name: str) -> LineTable:
    """One line table of an object."""
    (inverse,) = (each for each in target.object.line_tables if each.name == name)
    lines = target.beside(inverse.object_name)
    return LineTable(name, lines, lines.fields[inverse.field_name], inverse.lines_by)


async def examine_new(table: LineTable, given: Sequence[tuple[Head, Sequence[Given]]]) -> Lines:
    """The lines of new records, with everything that is wrong with them. Nothing is written."""
    _require(table, Level.WRITE if any(rows for _, rows in given) else Level.NONE)
    for _, rows in given:
        refuse_more(len(rows))
    refuse_too_many(sum(len(rows) for _, rows in given))
    read = [_new(table, head, at, row) for head, rows in given for at, row in enumerate(rows)]
    unknown = [
        Violation((*head.path, at, ID), LineNotFound())
        for head, rows in given
        for at, row in enumerate(rows)
        if row.get(ID) is not None
    ]
    return Lines(table, await _batch(table, read, unknown), _NOTHING_MOVES, {})


async def examine_whole(table: LineTable, head: Head, rows: Sequence[Given]) -> Lines:
    """The lines as they shall be: one with an id is changed, one without is new, one that is missing goes to the bin.

    Lines that the caller does not see are not his to leave out: they stay.
    """
    _require(table, Level.READ)
    refuse_more(len(rows))
    there = await locks.lock_children(table.lines, table.head, [head.id], Wanted())
    seen = await _seen(table.lines, [each.id for each in there])
    named, violations = _named(rows, seen, head.path)
    lost = [each for each in seen if each not in named]
    new = [at for at, row in enumerate(rows) if row.get(ID) is None]
    _require(table, Level.WRITE if lost or new else Level.READ)
    # First, so that what they hold is free for the others.
    await _delete(table.lines, lost, head.path)
    drafts, wrong = _changed(table, head, rows, named)
    locked = await locks.lock(table.lines, drafts, _looked_at(table, drafts), Wanted())
    moves = await changing.examine(table.lines, drafts, locked)
    await _refuse_untouchable(table.lines, moves)
    batch = await _batch(table, [_new(table, head, at, rows[at]) for at in new], [*violations, *wrong])
    return Lines(table, batch, moves, locked, has_lost=bool(lost))


async def enter(lines: Lines, *, of: frozenset[UUID] | None = None) -> None:
    """Write them; only those of some heads where others were refused. One that is refused late takes all with it."""
    await changing.enter(lines.table.lines, lines.moves, lines.locked)
    batch = lines.new
    if of is not None:
        batch.drafts = [each for each in batch.drafts if each.values[lines.table.head.name] in of]
        batch.violations.clear()
    if batch.drafts:
        await creation.enter(lines.table.lines, batch, skip_errors=False, along_with=of or ())


# --- what is given ----------------------------------------------------------------------------------------------------


def _named(rows: Sequence[Given], seen: Sequence[UUID], path: Path) -> tuple[dict[UUID, int], list[Violation]]:
    """The lines that are there already by their place, and every id that names none."""
    named: dict[UUID, int] = {}
    violations = []
    for at, row in enumerate(rows):
        if (raw := row.get(ID)) is None:
            continue
        found = record_id(raw)
        if found is None:
            violations.append(Violation((*path, at, ID), NotAnId()))
        elif found not in seen:
            violations.append(Violation((*path, at, ID), LineNotFound()))
        elif found in named:
            violations.append(Violation((*path, at, ID), LineRepeated()))
        else:
            named[found] = at
    return named, violations


def _changed(
    table: LineTable, head: Head, rows: Sequence[Given], named: Mapping[UUID, int]
) -> tuple[dict[UUID, Draft], list[Violation]]:
    drafts = {}
    violations = []
    for each, at in named.items():
        path = (*head.path, at)
        values, wrong = inputs.for_change(table.lines, _own(table, rows[at]), path)
        drafts[each] = Draft(path, {**values, table.position: at + 1}, kept=frozenset({table.position}))
        violations += wrong
    return drafts, violations


def _new(table: LineTable, head: Head, at: int, row: Given) -> tuple[Draft, list[Violation]]:
    lines, path = table.lines, (*head.path, at)
    values, violations = inputs.for_creation(lines, _own(table, row), path)
    # What the head decides, nobody has to give.
    decided = {(*path, input_name(lines.fields[name])) for name in table.kept if name in lines.fields}
    whole = {**values, table.head.name: head.id, table.position: at + 1}
    if lines.object.owner_field:
        whole[lines.object.owner_field] = head.owner
    return Draft(path, whole, kept=table.kept), [each for each in violations if each.path not in decided]


def _own(table: LineTable, row: Given) -> Given:
    decided = {ID, input_name(table.head)}
    return {name: each for name, each in row.items() if name not in decided}


# --- rights and limits ------------------------------------------------------------------------------------------------


def _require(table: LineTable, level: Level) -> None:
    """Lines come and go by the relation to their head: who gives them writes it, and who keeps them reads it."""
    if table.lines.rights.level(table.head.name) < level:
        raise FieldNotWritable(object=table.lines.name, field=table.head.name)


async def _batch(
    table: LineTable, read: Sequence[tuple[Draft, list[Violation]]], violations: Sequence[Violation]
) -> Batch:
    if read and not table.lines.rights.create:
        raise ObjectNotWritable(object=table.lines.name)
    wrong = [*violations, *(violation for _, found in read for violation in found)]
    return await creation.examine(table.lines, [draft for draft, _ in read], wrong, is_part=True)


async def _seen(lines: Target, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Those of these lines that the caller may see."""
    wanted = Wanted(scope=scopes.condition(lines, Verb.READ))
    return sorted(await locks.lock(lines, ids, (), wanted))


def _looked_at(table: LineTable, drafts: Mapping[UUID, Draft]) -> list[Field]:
    return changing.fields_to_lock(table.lines, {name for draft in drafts.values() for name in draft.values})


async def _delete(lines: Target, lost: Sequence[UUID], path: Path) -> None:
    if not lost:
        return
    try:
        await deletion.delete(lines.work, lines.name, lost)
    except Refused as refused:
        # The caller named none of them, so the list as a whole stands for them.
        raise Refused(tuple(Violation(path, each.fault) for each in refused.violations)) from None


async def _refuse_untouchable(lines: Target, moves: Moves) -> None:
    """A line that moves must be one that the caller may change; one that stays as it is need not."""
    if not moves.drafts:
        return
    wanted = Wanted(scope=scopes.condition(lines, Verb.UPDATE))
    if len(await locks.lock(lines, moves.drafts, (), wanted)) < len(moves.drafts):
        raise ObjectNotWritable(object=lines.name)
