"""Finishes a unique rule over several fields of a long table: its index, built beside the writers, or its end.

It may run twice: a rule that is built or taken back already is left alone, and an index half built is built again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import asyncpg

from services import jobs, metadata
from services.audit import Entry
from services.field_rules.errors import CombinationsNotUnique
from tenants.transactions import Moved

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.definitions import IndexDefinition, ObjectDefinition
    from schema.metadata.physical import TableIndex
    from services.field_rules.messages import BuildUniqueRule
    from services.jobs import Stage
    from tenants.context import DefinitionWork, Work

_OBJECT = "indexDefinition"


@dataclass(frozen=True, slots=True)
class _Found:
    """The table of a rule, its indexes, and those of them that no earlier run built."""

    table: str
    indexes: tuple[TableIndex, ...]
    lacking: tuple[TableIndex, ...]


async def build_unique_rule(stage: Stage, message: BuildUniqueRule) -> None:
    """Bring one rule from building to live, or give it up where records are alike."""
    found = await stage.write(lambda work: _begin(work, message))
    if found is None:
        return
    is_kept = True
    try:
        await metadata.build_indexes(stage, found.table, found.lacking)
    except asyncpg.UniqueViolationError:
        await metadata.drop_indexes(stage, found.indexes)
        is_kept = False
    is_wanted = await stage.define(lambda work: _settle(work, message, found, is_kept=is_kept))
    if not is_wanted:
        await metadata.drop_indexes(stage, found.indexes)


async def _begin(work: Work, message: BuildUniqueRule) -> _Found | None:
    before = metadata.Snapshot(await metadata.definitions(work), work.versions.metadata)
    found = _building(before, message.rule_id)
    if found is None:
        await jobs.finish(work, message.job_id)
        return None
    thing, rule = found
    await jobs.begin(work, message.job_id)
    indexes = metadata.missing_indexes(before, _with(before, thing, _built(rule)), thing.table)
    standing = await metadata.standing(work, indexes)
    return _Found(thing.table, indexes, tuple(each for each in indexes if each.name not in standing))


async def _settle(work: DefinitionWork, message: BuildUniqueRule, built: _Found, *, is_kept: bool) -> bool:
    """Whether the index is wanted still."""
    before = await metadata.opened(work)
    found = _building(before, message.rule_id)
    if found is None:
        await jobs.finish(work, message.job_id)
        # Another job may have opened what was taken back and made again.
        rules = (each for thing in before.objects for each in thing.indexes if each.id == message.rule_id)
        return any(each.is_live and not each.index.is_building for each in rules)
    thing, rule = found
    # From here on nobody builds or drops an index of the table.
    await metadata.run(work, (), [thing.table])
    if is_kept and len(await metadata.standing(work, built.indexes)) < len(built.indexes):
        raise Moved
    made = _built(rule) if is_kept else replace(_built(rule), is_live=False)
    details = {"object": thing.name, "fields": list(rule.index.fields)}
    action = "uniqueRule.built" if is_kept else "uniqueRule.retired"
    entries = [Entry(action, _OBJECT, rule.id, details=details)]
    await metadata.settle(work, before, _with(before, thing, made), entries)
    if is_kept:
        await jobs.finish(work, message.job_id)
    else:
        await jobs.fail(work, message.job_id, reason=CombinationsNotUnique.code)
    return True


def _building(before: metadata.Snapshot, rule_id: UUID) -> tuple[ObjectDefinition, IndexDefinition] | None:
    return next(
        (
            (thing, each)
            for thing in before.objects
            for each in thing.indexes
            if each.id == rule_id and each.is_live and each.index.is_building and not thing.is_retired
        ),
        None,
    )


def _built(rule: IndexDefinition) -> IndexDefinition:
    return replace(rule, index=replace(rule.index, is_building=False))


def _with(before: metadata.Snapshot, thing: ObjectDefinition, rule: IndexDefinition) -> metadata.Snapshot:
    others = tuple(each for each in thing.indexes if each.id != rule.id)
    return before.with_object(replace(thing, indexes=(*others, rule)))
