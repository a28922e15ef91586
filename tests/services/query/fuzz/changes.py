"""Random writes: done where Python says that the caller reaches record and field, and else refused without a trace."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema.metadata.fields import FieldState
from schema.metadata.objects import ObjectKind
from schema.metadata.registry import Registry
from services import records
from services.permissions import ALWAYS_READABLE, Level, Policy, Verb
from services.records.errors import FieldNotWritable, ObjectNotWritable
from tenants.context import Work
from tenants.errors import Fault, NotFound, Refused
from tests.services.query.world import ALICE, SCHEMA, person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tests.services.query.fuzz.rights import Caller
    from tests.services.query.world import World

_TRACES = ("record_history", "audit_entry", "change")


@dataclass(frozen=True)
class Change:
    """A field of a record made empty, or, without a field, the record put into the bin."""

    object_name: str
    record_id: UUID
    field: str


def some_changes(rng: random.Random, caller: Caller, most: int) -> list[Change]:
    found = []
    for thing in caller.shape.objects.values():
        if thing.kind is ObjectKind.SYSTEM:
            continue
        fields = [
            each.name
            for each in thing.fields
            if each.name not in ALWAYS_READABLE
            and each.relation is None
            and not each.type.has_several
            and not each.read_only
            and each.type_name != "autoNumber"
            and each.state is FieldState.LIVE
        ]
        found += [Change(thing.name, each.id, rng.choice((*fields, *fields, ""))) for each in caller.rows[thing.name]]
    return rng.sample(found, min(most, len(found)))


def expected(caller: Caller, asked: Change) -> type[Fault] | None:
    """Why it is refused, asked of object, field and record in turn."""
    verb = Verb.UPDATE if asked.field else Verb.DELETE
    if not caller.may(asked.object_name, verb):
        return ObjectNotWritable
    if asked.field and caller.level(asked.object_name, asked.field) is not Level.WRITE:
        return FieldNotWritable
    if asked.record_id not in {each.id for each in caller.judge.live(asked.object_name)}:
        return NotFound
    # What may be seen is not denied; what may be done with it is.
    return None if asked.record_id in caller.reached(asked.object_name, verb) else ObjectNotWritable


async def change(world: World, policy: Policy, asked: Change) -> tuple[type[Fault] | None, bool]:
    """Why it was refused, and whether anything is different; all of it is taken back."""
    work = world.work(person(ALICE), kind=Work)
    assert isinstance(work, Work)
    tenant, versions = work.placement.tenant_id, work.versions
    work.cache.put(Registry, tenant, versions.metadata, world.registry)
    work.cache.put(Policy, tenant, (versions.access, ALICE), policy)
    before = await _stored(world, asked.object_name)
    await world.connection.control("SAVEPOINT one_change")
    refused: type[Fault] | None = None
    try:
        await _run(work, asked)
    except Fault as fault:
        refused = type(fault)
    is_different = await _stored(world, asked.object_name) != before
    await world.connection.control("ROLLBACK TO SAVEPOINT one_change")
    return refused, is_different


async def _run(work: Work, asked: Change) -> None:
    if asked.field:
        await records.update(work, asked.object_name, [asked.record_id], {asked.field: None})
        return
    try:
        await records.delete(work, asked.object_name, [asked.record_id])
    except Refused:
        # Something that points there keeps it; whoever is told so reaches it.
        return


async def _stored(world: World, object_name: str) -> Sequence[Any]:
    tables = (world.registry.names[object_name].table, *_TRACES)
    parts = [
        f"SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM {SCHEMA}.{each} t"  # noqa: S608 - fixed names
        for each in tables
    ]
    return [tuple(row) for row in await world.connection.fetch(" UNION ALL ".join(parts))]
