"""Who is locked first. Rows of one object are locked in the order of their ids, objects from the target to its children.

A change takes NO KEY UPDATE: others may go on pointing at the record. A deletion takes UPDATE: it waits for those
who are about to point at the record (KEY SHARE, see `relations`), and they wait for it and then no longer find it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.errors import VersionConflict
from services.records import lock_statements, scopes, statements
from services.records.errors import ObjectNotWritable
from services.records.lock_statements import held_by, joining_by
from services.records.sealing import opened
from services.records.statements import Life
from services.records.stored import columns_of, key, value_of
from services.records.targets import LARGEST_SET, refuse_too_many
from tenants.errors import NotFound, Violation

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    import asyncpg

    from schema.metadata.fields import Field
    from services.records.lock_statements import Headed
    from services.records.stored import Column
    from services.records.targets import Target
    from tenants.sql import Fragment

_NOBODY: Mapping[str, Collection[UUID]] = {}


@dataclass(frozen=True, slots=True)
class LockedRecord:
    """A record nobody else can change now: its version, and the values that were asked for, by field name."""

    id: UUID
    version: int
    deletion_id: UUID | None
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to lock. `key_too` for records that are going away."""

    life: Life = Life.LIVE
    scope: Fragment = scopes.EVERYWHERE
    key_too: bool = False
    # What keeps roll-ups of them is locked before: its object, and the relation to it.
    heads: tuple[Headed, ...] = ()


async def lock(
    target: Target,
    ids: Collection[UUID],
    fields: Iterable[Field],
    wanted: Wanted,
    joining: Mapping[str, Collection[UUID]] = _NOBODY,
) -> dict[UUID, LockedRecord]:
    """The records among these that are there, locked in the order of their ids; by relation, heads that they are to have."""
    if not ids:
        return {}
    work = target.work
    kept = {field.name: field for field in fields}
    kept |= {name: target.fields[name] for _, name in wanted.heads}
    columns = columns_of(kept.values())
    template = lock_statements.lock(
        target.name, columns, wanted.life, wanted.scope, key_too=wanted.key_too, heads=wanted.heads
    )
    values: dict[Hashable, object] = {**scopes.values(target), "ids": sorted(ids)}
    values |= {joining_by(name): sorted(joining.get(name, ())) for _, name in wanted.heads}
    found = await work.session.fetch(template.bound(work.session.schema, values, target.registry.physical))
    # One that came to another head while we looked has a head that is not held yet.
    held = (row[held_by(at)] for row in found for at in range(len(wanted.heads)))
    work.session.held.update(each for each in held if each is not None)
    locked = {record.id: record for record in read(found, kept, columns)}
    work.session.held.update(locked)
    values_of = await opened(work, {each: record.values for each, record in locked.items()})
    return {each: replace(record, values=values_of[each]) for each, record in locked.items()}


async def lock_children(child: Target, field: Field, parents: Collection[UUID], wanted: Wanted) -> list[LockedRecord]:
    """The records of an object that point at any of these, locked in the order of their ids."""
    if not parents:
        return []
    work = child.work
    columns = columns_of((field,))
    template = lock_statements.lock_children(child.name, columns, wanted.life, key_too=wanted.key_too)
    values = {"parents": sorted(parents), "most": LARGEST_SET + 1}
    found = await work.session.fetch(template.bound(work.session.schema, values, child.registry.physical))
    refuse_too_many(len(found))
    return read(found, {field.name: field}, columns)


async def lock_deleted_with(child: Target, roots: Collection[UUID], fields: Iterable[Field]) -> list[LockedRecord]:
    """The deleted records of an object that went along with any of these, locked in the order of their ids."""
    work = child.work
    kept = {field.name: field for field in fields}
    columns = columns_of(kept.values())
    template = lock_statements.lock_deleted_with(child.name, columns)
    values = {"roots": sorted(roots), "most": LARGEST_SET + 1}
    found = await work.session.fetch(template.bound(work.session.schema, values, child.registry.physical))
    refuse_too_many(len(found))
    return read(found, kept, columns)


def read(rows: Sequence[asyncpg.Record], fields: Mapping[str, Field], columns: Sequence[Column]) -> list[LockedRecord]:
    """Locked rows as records."""
    records = []
    for row in rows:
        parts: dict[str, dict[str, object]] = {name: {} for name in fields}
        for at, column in enumerate(columns):
            parts[column.field][column.part] = row[key(at)]
        values = {name: value_of(field, parts[name]) for name, field in fields.items()}
        records.append(LockedRecord(row["id"], row["version"], row["deletion_id"], values))
    return records


async def refuse_missing(target: Target, ids: Sequence[UUID], locked: Mapping[UUID, LockedRecord], life: Life) -> None:
    """Absent and invisible records are not found; one that may be read and not touched is forbidden."""
    missing = [each for each in ids if each not in locked]
    if not missing:
        return
    work = target.work
    template = statements.visible(target.name, life, scopes.seen(target))
    values = {**scopes.values(target), "ids": sorted(missing)}
    seen = await work.session.fetch(template.bound(work.session.schema, values, target.registry.physical))
    raise ObjectNotWritable(object=target.name) if len(seen) == len(set(missing)) else NotFound()


async def owner_of(target: Target, record_id: UUID) -> UUID | None:
    """Whose a record is, held so until the end of the transaction."""
    if not target.object.owner_field:
        return None
    template = statements.owner(target.name, target.object.owner_field)
    bound = template.bound(target.work.session.schema, {"id": record_id}, target.registry.physical)
    found = await target.work.session.fetch(bound)
    return found[0]["owner"] if found else None


def version_conflicts(
    ids: Sequence[UUID], locked: Mapping[UUID, LockedRecord], if_version: int | None
) -> list[Violation]:
    """Records that are no longer at the version that the caller saw."""
    if if_version is None:
        return []
    return [
        Violation((index, "ifVersion"), VersionConflict(version=locked[each].version))
        for index, each in enumerate(ids)
        if each in locked and locked[each].version != if_version
    ]
