"""Formulas of what is being written: their values go into the statement that writes the fields they look at.

Nobody enters them, so no permission is asked and history keeps none; whoever follows the feed is told which ones moved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from services import metadata
from services.records import inputs

if TYPE_CHECKING:
    from services.metadata import Formula
    from services.records.locks import LockedRecord
    from services.records.relations import Draft
    from services.records.targets import Target


def of_new(target: Target, drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts of new records with everything that is derived of them."""
    formulas = metadata.formulas_of(target.registry.shape, target.name)
    empty = {each.field.name: 0 for each in metadata.roll_ups_of(target.registry.shape, target.name) if each.of is None}
    if not formulas and not empty:
        return list(drafts)
    # What the statement fills in by itself.
    own = {"createdAt": target.work.now, "createdBy": target.author}
    return [
        replace(draft, values={**draft.values, **empty, **computed(target, formulas, {**own, **draft.values, **empty})})
        for draft in drafts
    ]


def of_changed(target: Target, drafts: Mapping[UUID, Draft], locked: Mapping[UUID, LockedRecord]) -> dict[UUID, Draft]:
    """Drafts of changed records with the formulas that move with them."""
    return {each: replace(draft, values={**draft.values, **moved(target, locked[each].values, draft.values)})
            for each, draft in drafts.items()}  # fmt: skip


def moved(target: Target, held: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """The formulas that move when a record that holds this changes so."""
    touched = metadata.formulas_moved_by(target.registry.shape, target.name, changes)
    found = computed(target, touched, {**held, **changes})
    return {name: new for name, new in found.items() if inputs.differs(held[name], new)}


def looked_at(target: Target, names: Collection[str]) -> frozenset[str]:
    """The formulas that may move with these fields, and everything that they look at."""
    touched = metadata.formulas_moved_by(target.registry.shape, target.name, names)
    return frozenset(name for each in touched for name in (each.field.name, *each.inputs))


def computed(target: Target, formulas: Sequence[Formula], record: Mapping[str, object]) -> dict[str, object]:
    """The values of some formulas, in their order."""
    around = metadata.circumstance(target.work)
    values, found = dict(record), {}
    for each in formulas:
        found[each.field.name] = values[each.field.name] = each.value(values, around)
    return found
