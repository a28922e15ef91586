"""What an object asks of its records, asked by every write before anything is written: of the records as they will be.

A new record is asked everything, a change only what looks at a field that moves: who corrects a phone is not stopped by a
rule that the record broke before. What the platform does to a record because of another one (emptying a link, keeping
`lastActivityAt`) is not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.permissions import user
from services import expressions
from services.expressions import Circumstance, Variable
from services.permissions import Level
from services.records import formulas, inputs, lookups
from services.records.errors import ChoiceNotOffered, ChoiceNotOfferedHere
from services.records.inputs import differs
from services.records.judging import Standing, found_wrong, is_empty
from services.records.rulebooks import NOTHING_ASKED
from services.records.targets import input_name
from tenants.clock import zone_or_utc
from tenants.errors import Violation

if TYPE_CHECKING:
    from services.expressions import Node
    from services.records.locks import LockedRecord
    from services.records.relations import Draft
    from services.records.targets import Target
    from tenants.errors import Fault, PathStep


def looked_at(target: Target, names: Collection[str]) -> frozenset[str]:
    """The fields that tell whether those of these names may move."""
    return target.rulebook.looks_at(names) & target.fields.keys()


async def refuse_new(target: Target, drafts: Sequence[Draft], violations: Iterable[Violation]) -> list[Violation]:
    """What is wrong with new records, by the rules of their object, beside what was found in their input."""
    if target.rulebook is NOTHING_ASKED:
        return []
    refused = _Refused(target, violations)
    drafts = formulas.of_new(target, drafts)
    standings = [
        Standing(_born(target, draft), None, _filled(target, draft), refused.in_draft(draft)) for draft in drafts
    ]
    return await _wrong(target, drafts, standings)


async def refuse_changed(
    target: Target, drafts: Mapping[UUID, Draft], locked: Mapping[UUID, LockedRecord], violations: Iterable[Violation]
) -> list[Violation]:
    """What is wrong with changed records: drafts hold what moves, locked records what was looked at besides."""
    if target.rulebook is NOTHING_ASKED:
        return []
    refused = _Refused(target, violations)
    drafts = formulas.of_changed(target, drafts, locked)
    standings = []
    for each, draft in drafts.items():
        record = {**locked[each].values, **draft.values, **_stamped(target, locked[each].version + 1)}
        moved = frozenset(draft.values)
        standings.append(Standing(record, moved, moved - draft.kept, refused.in_draft(draft)))
    return await _wrong(target, tuple(drafts.values()), standings)


async def _wrong(target: Target, drafts: Sequence[Draft], standings: Sequence[Standing]) -> list[Violation]:
    book = target.rulebook
    nodes = [each.node for each in book.asked if any(standing.concerns(each.looks_at) for standing in standings)]
    records = await lookups.with_related(target, nodes, [standing.record for standing in standings])
    around = await _circumstance(target, nodes)
    return [
        Violation((*draft.path, *step), _told(target, names, fault))
        for draft, standing, record in zip(drafts, standings, records, strict=True)
        for names, fault in found_wrong(book, replace(standing, record=record), around)
        for step in _steps(target, names)
    ]


class _Refused:
    """The fields whose input was refused already, by the draft."""

    def __init__(self, target: Target, violations: Iterable[Violation]) -> None:
        self._by_input = target.by_input
        self._paths = [each.path for each in violations]

    def in_draft(self, draft: Draft) -> frozenset[str]:
        # What is wrong with a value that a whole set is given stands there once, without a position.
        beginnings = (draft.path, ())
        steps = (
            path[len(at)] for path in self._paths for at in beginnings if path[: len(at)] == at and len(path) > len(at)
        )
        return frozenset(
            self._by_input[step].name for step in steps if isinstance(step, str) and step in self._by_input
        )


def _born(target: Target, draft: Draft) -> Mapping[str, object]:
    born = {"createdAt": target.work.now, "createdBy": target.author}
    return {**draft.values, **born, **_stamped(target, 1)}


def _stamped(target: Target, version: int) -> Mapping[str, object]:
    """What the statement itself writes."""
    return {"version": version, "updatedAt": target.work.now, "updatedBy": target.author}


def _filled(target: Target, draft: Draft) -> frozenset[str]:
    """The fields of a new record that hold something else than what they begin with."""
    return frozenset(
        name
        for name in target.rulebook.fields
        if name not in draft.kept
        and not is_empty(value := draft.values.get(name))
        and differs(inputs.beginning(target, target.fields[name]), value)
    )


def _steps(target: Target, names: Collection[str]) -> Iterable[tuple[PathStep, ...]]:
    """Where a violation is told: at each field that it is about and that the caller may see, else of the record."""
    seen = [name for name in names if name in target.fields and target.rights.level(name) > Level.NONE]
    return [(input_name(target.fields[name]),) for name in seen] or [()]


def _told(target: Target, names: Sequence[str], fault: Fault) -> Fault:
    """The fault without the name of a closed field, and without a value of one."""
    if not isinstance(fault, ChoiceNotOffered):
        return fault
    levels = target.rights.level(str(fault.details["field"])), *map(target.rights.level, names)
    return fault if levels[0] > Level.NONE and min(levels[1:]) >= Level.READ else ChoiceNotOfferedHere()


async def _circumstance(target: Target, nodes: Iterable[Node]) -> Circumstance:
    work, asks = target.work, any(map(_asks_for_department, nodes))
    return Circumstance(
        work.now, zone_or_utc(work.settings.zone), target.author, await _department(target) if asks else None
    )


def _asks_for_department(node: Node) -> bool:
    return any(isinstance(each, Variable) and each.name == "currentDepartment" for each in expressions.walk(node))


async def _department(target: Target) -> UUID | None:
    found = await target.work.session.scalar(sa.select(user.c.department_id).where(user.c.id == target.author))
    return found if isinstance(found, UUID) else None
