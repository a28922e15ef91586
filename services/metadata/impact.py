"""What it would mean to retire or destroy an object or a field: what uses it, how much it holds, since when it is retired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

from schema.metadata.definitions import FieldDefinition, ObjectDefinition
from schema.metadata.errors import ConfirmationNeeded
from schema.metadata.fields import FieldState
from schema.metadata.objects import ObjectState
from schema.tables.metadata import field_definition, object_definition
from services import permissions
from services.metadata.gathering import gathered_by
from services.metadata.loading import definitions
from services.metadata.snapshot import Snapshot
from services.metadata.usage import Subject, Usage, usages_of
from services.permissions import Level
from tenants.errors import Forbidden
from tenants.sql import SCHEMA, Fragment, ident, render, sql

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from services.permissions import Policy
    from tenants.context import ReadWork

# What was retired, and the old column of a field that became another type, is kept as long.
GRACE = timedelta(days=30)
Place: TypeAlias = tuple[ObjectDefinition, FieldDefinition]


@dataclass(frozen=True, slots=True)
class Impact:
    """Counts are of all records, those in the bin too; `pointing` are relations of other objects."""

    usages: tuple[Usage, ...]
    records: int
    # Records that have a value in the field; nothing for whoever may not read it.
    values: int | None
    pointing: tuple[str, ...]
    retired_at: datetime | None
    destroyable_from: datetime | None


async def impact_of(work: ReadWork, object_name: str, field_name: str | None = None) -> Impact:
    """What retiring it would mean, or destroying it where it is retired; for those who may define."""
    policy = await permissions.policy(work)
    if not policy.may_define:
        raise Forbidden
    before = Snapshot(await definitions(work), work.versions.metadata)
    thing = before.object(object_name)
    field = None if field_name is None else before.field(object_name, field_name)
    if field is None:
        after = before.with_object(replace(thing, state=ObjectState.RETIRED))
        since = await retired_at(work, object_definition, thing.id)
    else:
        after = before.with_field(object_name, field.in_state(FieldState.RETIRED))
        since = await retired_at(work, field_definition, field.id)
    return Impact(
        usages=await usages_of(work, Subject(before.registry, after.registry, object_name, field_name or "")),
        records=await records_in(work, thing.table),
        values=None
        if field is None or not _is_open(policy, object_name, field.name)
        else await values_in(work, thing, field),
        pointing=tuple(map(_spelled, relations_to(before, object_name))) if field is None else (),
        retired_at=since,
        destroyable_from=None if since is None else since + GRACE,
    )


def _is_open(policy: Policy, object_name: str, field_name: str) -> bool:
    """Whether values may be counted: a formula of one's own would ask for those that it looks at, one by one."""
    rights = policy.on(object_name)
    is_readable = bool(rights.read) and rights.level(field_name) >= Level.READ
    return is_readable and not policy.withheld.covers(object_name, field_name)


async def require_confirmation(work: ReadWork, before: Snapshot, thing: ObjectDefinition, confirm: str) -> None:
    """Refuse to hide an object that holds records, or that others point at, unless its name is said."""
    if confirm == thing.name:
        return
    count = await records_in(work, thing.table)
    pointing = [place for place in relations_to(before, thing.name) if not (place[0].is_retired or place[1].is_retired)]
    if count or pointing:
        raise ConfirmationNeeded(records=count, others=named(pointing), name=thing.name)


def relations_to(before: Snapshot, name: str) -> list[Place]:
    """Fields of other objects that point at an object, retired ones too."""
    return [
        (thing, field)
        for thing in before.objects
        if thing.name != name and not thing.is_destroyed
        for field in thing.fields
        if field.field.relation is not None and field.field.relation.target == name and not field.is_destroyed
    ]


def named(places: Iterable[Place]) -> str:
    """Fields as an administrator finds them."""
    return ", ".join(map(_spelled, places)) or "–"


def _spelled(place: Place) -> str:
    thing, field = place
    return f"{thing.name}.{field.name}"


async def retired_at(work: ReadWork, table: sa.Table, definition_id: UUID) -> datetime | None:
    """Since when something is retired; nothing where it is not."""
    found: datetime | None = await work.session.scalar(sa.select(table.c.retired_at).where(table.c.id == definition_id))
    return found


# --- counts -----------------------------------------------------------------------------------------------------------


async def records_in(work: ReadWork, table: str) -> int:
    """Records, those in the bin too."""
    if (gathered := gathered_by(work)) is not None and not gathered.stands(table):
        return 0
    return await _counted(work, table, sql("TRUE"))


async def values_in(work: ReadWork, thing: ObjectDefinition, field: FieldDefinition) -> int:
    """Records that have a value in a field, those in the bin too; of links how many there are."""
    if not field.field.type.columns:
        return await records_in(work, field.column)
    return await _counted(work, thing.table, sql("{column} IS NOT NULL", column=ident(field.column)))


async def lacking_in(work: ReadWork, thing: ObjectDefinition, field: FieldDefinition) -> int | None:
    """Records, not in the bin, that have no value in a field that is required: they keep so until somebody writes to them.

    Nothing of what nobody writes, and nothing for whoever may not read the field.
    """
    kind = field.field.type
    if not field.field.required or field.is_retired or not kind.columns or kind.computed:
        return None
    if not _is_open(await permissions.policy(work), thing.name, field.name):
        return None
    if (gathered := gathered_by(work)) is not None and not gathered.stands(thing.table, field.column):
        return await _counted(work, thing.table, sql("deleted_at IS NULL")) if gathered.stands(thing.table) else 0
    return await _counted(work, thing.table, sql("{column} IS NULL AND deleted_at IS NULL", column=ident(field.column)))


async def _counted(work: ReadWork, table: str, condition: Fragment) -> int:
    counted = sql(
        "SELECT count(*) FROM {schema}.{table} WHERE {condition}",
        schema=SCHEMA,
        table=ident(table),
        condition=condition,
    )
    ((count,),) = await work.session.fetch(render(counted).bound(work.session.schema, {}))
    return int(count)
