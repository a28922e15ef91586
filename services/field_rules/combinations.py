"""Unique rules over several fields: made while no values stand in their way, and taken back. Their protection is an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from schema.metadata.definitions import IndexDefinition
from schema.metadata.errors import NotChangeable, UnknownField
from schema.metadata.fields import FieldState
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.objects import Index
from schema.metadata.record_fields import RECORD_FIELDS
from schema.metadata.system_objects import SYSTEM_OBJECTS
from services import jobs, metadata, permissions, query
from services.audit import Entry
from services.field_rules import references
from services.field_rules.errors import (
    CannotBeUniqueTogether,
    CombinationsNotUnique,
    TableTooLong,
    TooManyUniqueRules,
    UniqueFieldsMissing,
    UniqueRuleThere,
)
from services.field_rules.messages import BuildUniqueRule
from services.permissions.policy import Everyone, Verb
from tenants.errors import Forbidden, Refused, Violation
from tenants.sql import SCHEMA, Slot, ident, integer, join, render, sql

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition
    from schema.metadata.fields import Field
    from schema.metadata.registry import Registry
    from services.field_rules.references import UniqueReference
    from services.permissions import Policy
    from tenants.context import DefinitionWork, ReadWork

MOST_UNIQUE_RULES = 10
MOST_TOGETHER = 5
_LEAST_TOGETHER = 2
_OBJECT = "indexDefinition"
_EXAMPLES = 5
_RECORDS = 5


@dataclass(frozen=True, slots=True)
class UniqueRule:
    """A unique rule: the id of its definition, and its fields."""

    id: UUID
    object_name: str
    fields: tuple[str, ...]
    # What builds it, where that takes long.
    job_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """Live records that hold the same in all fields, the first of them."""

    count: int
    ids: tuple[UUID, ...]


async def create_unique_rule(work: DefinitionWork, object_name: str, names: Sequence[str]) -> UniqueRule:
    """Let no two live records hold the same in all of these fields; an empty one makes everything different."""
    before = await metadata.opened(work)
    thing, fields = before.live(object_name), tuple(dict.fromkeys(names))
    _refuse_more(thing)
    _check(thing, fields)
    policy = await permissions.policy(work)
    _require_open(before.registry, policy, object_name, fields)
    present = next((each for each in thing.indexes if each.index.is_unique and each.index.fields == fields), None)
    new_id = work.ids.new(SYSTEM_OBJECTS[_OBJECT][1].number)
    made = IndexDefinition(new_id, Index(fields, is_unique=True)) if present is None else replace(present, is_live=True)
    if await metadata.is_long(work, thing.table):
        return await _build_later(work, before, thing, made)
    await _refuse_repeated(work, before.registry, policy, object_name, fields)
    try:
        await _save(work, before, thing, made, "uniqueRule.created")
    except asyncpg.UniqueViolationError:
        # Somebody wrote one since we looked.
        await _refuse_repeated(work, before.registry, policy, object_name, fields)
        raise
    return UniqueRule(made.id, object_name, fields)


async def retire_unique_rule(work: DefinitionWork, rule: UniqueReference) -> UniqueRule:
    """Let records be alike again. What a pack made is the pack's."""
    before = await metadata.opened(work)
    thing, present = references.unique_rule(before, rule)
    if present.is_released:
        raise NotChangeable
    if present.is_live:
        await _save(work, before, thing, replace(present, is_live=False), "uniqueRule.retired")
    return UniqueRule(present.id, thing.name, present.index.fields)


async def recall_unique_rule(work: DefinitionWork, rule_id: UUID) -> UniqueRule:
    """A rule as it is now, for a mutation that was sent twice."""
    thing, present = references.unique_rule(await metadata.opened(work), rule_id)
    return UniqueRule(rule_id, thing.name, present.index.fields)


async def repeated_records(
    work: ReadWork, object_name: str, names: Sequence[str], *, first: int
) -> tuple[int, tuple[Repeated, ...]]:
    """How many combinations of these fields occur more than once, and the most frequent, for those who define."""
    policy = await permissions.policy(work)
    if not policy.may_define:
        raise Forbidden
    before = metadata.Snapshot(await metadata.definitions(work), work.versions.metadata)
    fields = tuple(dict.fromkeys(names))
    try:
        _check(before.live(object_name), fields)
    except Refused as refused:
        # A query has no payload that could hold several.
        raise refused.violations[0].fault from None
    _require_open(before.registry, policy, object_name, fields)
    return await _repeated(work, before.registry, policy, object_name, fields, most=max(0, min(first, 100)))


async def _build_later(
    work: DefinitionWork, before: metadata.Snapshot, thing: ObjectDefinition, made: IndexDefinition
) -> UniqueRule:
    """From now on writers keep the rule; a job looks at the records that are there, and builds the index."""
    if metadata.gathered_by(work) is not None:
        # What others change along with it may take the table's lock for longer than building waits.
        raise TableTooLong(max=metadata.MOST_ROWS_AT_ONCE)
    building = replace(made, index=replace(made.index, is_building=True))
    await _save(work, before, thing, building, "uniqueRule.created")
    job_id = await jobs.ask(work, lambda row_id: BuildUniqueRule(made.id, row_id))
    return UniqueRule(made.id, thing.name, made.index.fields, job_id)


# --- checks -----------------------------------------------------------------------------------------------------------


def _refuse_more(thing: ObjectDefinition) -> None:
    if sum(each.is_live and each.index.is_unique for each in thing.indexes) >= MOST_UNIQUE_RULES:
        raise TooManyUniqueRules(max=MOST_UNIQUE_RULES)


def _check(thing: ObjectDefinition, fields: tuple[str, ...]) -> None:
    if not _LEAST_TOGETHER <= len(fields) <= MOST_TOGETHER:
        raise Refused((Violation(("fields",), UniqueFieldsMissing(max=MOST_TOGETHER)),))
    if any(each.is_live and each.index.is_unique and {*each.index.fields} == {*fields} for each in thing.indexes):
        raise Refused((Violation(("fields",), UniqueRuleThere()),))
    own = {each.name: each.field for each in thing.fields if each.field.state is FieldState.LIVE}
    known = {**own, **{each.name: each for each in RECORD_FIELDS if each.name == "owner"}}
    wrong = []
    for at, name in enumerate(fields):
        if name not in known:
            raise UnknownField(object=thing.name, name=name[:LONGEST], **hints(name, known))
        if not may_stand_together(known[name]):
            wrong.append(Violation(("fields", at), CannotBeUniqueTogether(field=name)))
    if wrong:
        raise Refused(tuple(wrong))


def may_stand_together(field: Field) -> bool:
    """Whether equal values are equal columns: one column, short enough for an index."""
    return field.type.groupable or field.type.may_be_unique


def _require_open(registry: Registry, policy: Policy, object_name: str, fields: Sequence[str]) -> None:
    for each in fields:
        query.require_readable(query.bind_column(registry.shape, object_name, (each,), decides=True), policy)


async def _refuse_repeated(
    work: ReadWork, registry: Registry, policy: Policy, object_name: str, fields: Sequence[str]
) -> None:
    count, groups = await _repeated(work, registry, policy, object_name, fields, most=_EXAMPLES)
    if count:
        examples = "; ".join(", ".join(map(str, each.ids)) for each in groups if each.ids)
        raise Refused((Violation(("fields",), CombinationsNotUnique(count=count, examples=examples)),))


async def _repeated(
    work: ReadWork, registry: Registry, policy: Policy, object_name: str, fields: Sequence[str], *, most: int
) -> tuple[int, tuple[Repeated, ...]]:
    names = registry.names[object_name]
    if not metadata.has_columns(work, names.table, (names.fields[each].column for each in fields)):
        # Where changes are gathered: what comes with them holds nothing yet.
        return 0, ()
    columns = [ident(Slot(object_name, each)) for each in fields]
    written = sql(
        "WITH repeated AS (SELECT count(*) AS together, (array_agg(id ORDER BY id))[1:{records}] AS ids"
        " FROM {schema}.{table} WHERE deleted_at IS NULL AND {filled} GROUP BY {columns} HAVING count(*) > 1)"
        " SELECT together, ids, count(*) OVER () AS whole FROM repeated ORDER BY together DESC, ids LIMIT {most}",
        records=integer(_RECORDS),
        schema=SCHEMA,
        table=ident(Slot(object_name)),
        filled=join(" AND ", (sql("{column} IS NOT NULL", column=each) for each in columns)),
        columns=join(", ", columns),
        most=integer(max(1, most)),
    )
    rows = await work.session.fetch(render(written).bound(work.session.schema, {}, registry.physical))
    # Who does not see every record is told how many there are, and not which.
    sees_all = Everyone() in policy.on(object_name).arms(Verb.READ)
    groups = tuple(Repeated(row["together"], tuple(row["ids"]) if sees_all else ()) for row in rows[:most])
    return (int(rows[0]["whole"]) if rows else 0), groups


async def _save(
    work: DefinitionWork, before: metadata.Snapshot, thing: ObjectDefinition, made: IndexDefinition, action: str
) -> None:
    others = tuple(each for each in thing.indexes if each.id != made.id)
    after = before.with_object(replace(thing, indexes=(*others, made)))
    details = {"object": thing.name, "fields": list(made.index.fields)}
    await metadata.settle(work, before, after, [Entry(action, _OBJECT, made.id, details=details)])
