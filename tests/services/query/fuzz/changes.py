"""Random writes: done where Python says that the caller reaches record and field, and else refused without a trace."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from schema.metadata.errors import RelationNotFound
from schema.metadata.fields import FieldState
from schema.metadata.naming import id_member
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

    from tests.services.query.fuzz.rights import Caller
    from tests.services.query.fuzz.rows import Record
    from tests.services.query.world import World

_TRACES = ("record_history", "audit_entry", "change")


class Kind(StrEnum):
    """What is written; each with the verb that it takes."""

    CREATE = "create"
    EMPTY = "empty"
    LINK = "link"
    DELETE = "delete"
    RESTORE = "restore"


_NEEDS = {
    Kind.CREATE: Verb.CREATE,
    Kind.EMPTY: Verb.UPDATE,
    Kind.LINK: Verb.UPDATE,
    Kind.DELETE: Verb.DELETE,
    Kind.RESTORE: Verb.DELETE,
}


@dataclass(frozen=True)
class Change:
    """A record made, put into the bin or taken out of it, a field made empty, or a link set to another record."""

    kind: Kind
    object_name: str
    # Nothing of what is made.
    record: Record | None = None
    field: str = ""
    # What a link is set to, also that of a record that is made.
    to: Record | None = None

    @property
    def values(self) -> dict[str, object]:
        """As the API takes them."""
        if not self.field:
            return {}
        return {self.field: None} if self.to is None else {id_member(self.field): str(self.to.id)}


def some_changes(rng: random.Random, caller: Caller, most: int) -> list[Change]:
    found = []
    for thing in caller.shape.objects.values():
        if thing.kind is ObjectKind.SYSTEM:
            continue
        written = [
            each
            for each in thing.fields
            if each.name not in ALWAYS_READABLE and not each.read_only and each.state is FieldState.LIVE
        ]
        # A list of persons has another name where it is written.
        plain = [
            each.name
            for each in written
            if each.relation is None and not each.type.has_several and each.type_name != "autoNumber"
        ]
        links = [
            (each.name, target)
            for each in written
            if each.relation is not None and each.relation.target in caller.rows and each.relation.target != "user"
            for target in caller.rows[each.relation.target]
        ]
        for record in caller.rows[thing.name]:
            found += [Change(Kind.EMPTY, thing.name, record, each) for each in rng.sample(plain, min(2, len(plain)))]
            found += [Change(Kind.LINK, thing.name, record, *each) for each in rng.sample(links, min(1, len(links)))]
            found += [Change(kind, thing.name, record) for kind in (Kind.DELETE, Kind.RESTORE)]
        if all(each.type_name != "autoNumber" for each in thing.fields):
            found += [Change(Kind.CREATE, thing.name, None, *each) for each in rng.sample(links, min(5, len(links)))]
            found.append(Change(Kind.CREATE, thing.name))
    by_kind = {kind: some for kind in Kind if (some := [each for each in found if each.kind is kind])}
    return [rng.choice(by_kind[kind]) for kind in rng.choices(list(by_kind), k=most)] if by_kind else []


def expected(caller: Caller, asked: Change) -> type[Fault] | None:
    """Why it is refused, asked of object, field, record and what it is to point at in turn."""
    name, verb = asked.object_name, _NEEDS[asked.kind]
    if not caller.may(name, verb):
        return ObjectNotWritable
    if asked.field and caller.level(name, asked.field) is not Level.WRITE:
        return FieldNotWritable
    if asked.record is not None:
        there = caller.judge.deleted(name) if asked.kind is Kind.RESTORE else caller.judge.live(name)
        # What may be seen is not denied; what may be done with it is.
        if asked.record not in there or asked.record.id not in caller.reached(name, verb):
            return ObjectNotWritable if asked.record in there else NotFound
    if not _is_found(caller, asked):
        return RelationNotFound
    return _of_heads(caller, asked)


def _is_found(caller: Caller, asked: Change) -> bool:
    """Whether what it is to point at is seen, or is where it points already."""
    if asked.to is None or (asked.record is not None and asked.record.values[asked.field] == asked.to.id):
        return True
    return asked.to in caller.judge.live(asked.to.object_name)


def _of_heads(caller: Caller, asked: Change) -> type[Fault] | None:
    """Why a line is refused for the sake of its head."""
    if not _may_change_heads(caller, asked):
        return ObjectNotWritable
    return RelationNotFound if asked.kind is Kind.RESTORE and _is_headless(caller, asked) else None


def _to_heads(caller: Caller, object_name: str) -> list[tuple[str, str]]:
    """The relation of a line to its head, if its object has one, and the object of the head."""
    fields = caller.shape.objects[object_name].fields
    return [
        (each.name, each.relation.target) for each in fields if each.relation is not None and each.relation.lines_by
    ]


def _may_change_heads(caller: Caller, asked: Change) -> bool:
    """A line is written by whoever may change the head that it has, and the one that it comes to."""
    record, is_changed = asked.record, asked.kind in {Kind.EMPTY, Kind.LINK}
    if record is not None and is_changed and record.values[asked.field] == (asked.to.id if asked.to else None):
        # Nothing moves.
        return True
    for relation, head in _to_heads(caller, asked.object_name):
        heads = {record.values[relation]} if record is not None else set()
        heads |= {asked.to.id} if asked.to is not None and asked.field == relation else set()
        if not heads - {None} <= caller.reached(head, Verb.UPDATE) & caller.judge.seen[head]:
            return False
    return True


def _is_headless(caller: Caller, asked: Change) -> bool:
    """Whether the head of a line lies in the bin, or is out of sight."""
    record = asked.record
    assert record is not None
    held = [(record.values[relation], head) for relation, head in _to_heads(caller, asked.object_name)]
    return any(each is not None and each not in {one.id for one in caller.judge.live(head)} for each, head in held)


async def change(world: World, policy: Policy, asked: Change) -> tuple[type[Fault] | None, bool]:
    """Why it was refused, and whether anything is different; all of it is taken back."""
    work = world.work(person(ALICE), kind=Work)
    assert isinstance(work, Work)
    tenant, versions = work.placement.tenant_id, work.versions
    work.cache.put(Registry, tenant, versions.metadata, world.registry)
    work.cache.put(Policy, tenant, (versions.access, versions.metadata, ALICE), policy)
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
    ids = [] if asked.record is None else [asked.record.id]
    try:
        match asked.kind:
            case Kind.CREATE:
                await records.create(work, asked.object_name, [asked.values])
            case Kind.EMPTY | Kind.LINK:
                await records.update(work, asked.object_name, ids, asked.values)
            case Kind.DELETE:
                await records.delete(work, asked.object_name, ids)
            case Kind.RESTORE:
                await records.restore(work, asked.object_name, ids)
    except Refused as refused:
        # Something that points there keeps a record from going; whoever is told so reaches it.
        for each in refused.violations:
            if isinstance(each.fault, RelationNotFound):
                raise each.fault from None


async def _stored(world: World, object_name: str) -> Sequence[Any]:
    tables = (world.registry.names[object_name].table, *_TRACES)
    parts = [
        f"SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM {SCHEMA}.{each} t"  # noqa: S608 - fixed names
        for each in tables
    ]
    return [tuple(row) for row in await world.connection.fetch(" UNION ALL ".join(parts))]
