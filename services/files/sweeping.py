"""What no record holds is cleared away: uploads that nobody attached within a day, refused ones, files that records let go of,
and those of fields that were destroyed.

A record in the bin still holds its files, and so does a field that is retired. Rows go last: whoever is interrupted finds
them again. Bytes that no row speaks of are found by looking through the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.fields import FieldState
from schema.metadata.objects import ObjectState
from schema.tables.files import FileState, file
from schema.tables.metadata import field_definition, object_definition
from services import metadata
from services.files.thumbnails import SUFFIX as THUMBNAIL
from services.files.uploading import UNATTACHED
from services.records import file_fields
from tenants.sql import SCHEMA, Slot, Template, ident, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.sql.dml import ReturningUpdate

    from tenants.context import ReadWork, Work

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file that no record holds, and its places in the store."""

    id: UUID
    keys: tuple[str, ...]


async def claim(work: Work) -> Sequence[Leftover]:
    """Some of what is to be cleared away; from now on nobody attaches it. Objects and fields that are retired keep theirs."""
    before = work.now - UNATTACHED
    rows = [*await work.session.rows(_unattached(before)), *await work.session.rows(_of_destroyed(before))]
    registry = await metadata.registry(work)
    for thing in registry.shape.objects.values():
        for name in file_fields(thing):
            names = registry.names[thing.name]
            values = {
                "object": names.number,
                "field": names.fields[name].number,
                "before": before,
                "gone": FileState.REFUSED.value,
            }
            rows += await work.session.fetch(
                _let_go(thing.name, name).bound(work.session.schema, values, registry.physical)
            )
    return [Leftover(row["id"], tuple(filter(None, (row["key"], row["thumbnail_key"])))) for row in rows]


async def forget(work: Work, gone: Sequence[Leftover]) -> int:
    """Drop the rows of files whose bytes are gone; twice finds nothing more."""
    ids = sa.literal([each.id for each in gone], pg.ARRAY(pg.UUID))
    return await work.session.execute(sa.delete(file).where(file.c.id == sa.any_(ids)))


async def unclaimed(work: ReadWork, keys: Collection[str]) -> frozenset[str]:
    """Which of these places in the store no row speaks of, neither of a file nor of its thumbnail."""
    files = {key.removesuffix(THUMBNAIL) for key in keys}
    given = sa.literal(sorted(files), pg.ARRAY(pg.TEXT))
    rows = await work.session.rows(sa.select(file.c.key, file.c.thumbnail_key).where(file.c.key == sa.any_(given)))
    return frozenset(keys) - {each for row in rows for each in (row["key"], row["thumbnail_key"])}


def grace(now: datetime) -> datetime:
    """What was stored before is no upload that is still on its way."""
    return now - UNATTACHED


def _of_destroyed(before: datetime) -> ReturningUpdate[UUID, str, str | None]:
    """A field that is destroyed has no column any more; what it held is in no record."""
    is_gone = sa.or_(
        field_definition.c.state == FieldState.DESTROYED.value, object_definition.c.state == ObjectState.DESTROYED.value
    )
    of_field = sa.and_(
        file.c.object_number == object_definition.c.number, file.c.field_number == field_definition.c.number
    )
    let_go = sa.exists().where(field_definition.c.object_id == object_definition.c.id, of_field, is_gone)
    return _given_up(sa.and_(file.c.record_id.is_not(None), file.c.attached_at < before, let_go))


def _unattached(before: datetime) -> ReturningUpdate[UUID, str, str | None]:
    return _given_up(sa.and_(file.c.record_id.is_(None), file.c.created_at < before))


def _given_up(which: sa.ColumnElement[bool]) -> ReturningUpdate[UUID, str, str | None]:
    some = sa.select(file.c.id).where(which).limit(MOST_AT_ONCE).with_for_update(skip_locked=True, of=file)
    return (
        sa
        .update(file)
        .where(file.c.id.in_(some))
        .values(state=FileState.REFUSED.value)
        .returning(file.c.id, file.c.key, file.c.thumbnail_key)
    )


def _let_go(object_name: str, field_name: str) -> Template:
    # Whoever attaches one again meanwhile moves its time, and the row is looked at once more.
    return render(
        sql(
            "UPDATE {schema}.file AS file SET state = {gone} FROM (SELECT let.id FROM {schema}.file AS let"
            " WHERE let.object_number = {object} AND let.field_number = {field} AND let.record_id IS NOT NULL"
            " AND let.attached_at < {before} AND NOT EXISTS (SELECT FROM {table} AS record"
            " WHERE record.id = let.record_id AND let.id = ANY (record.{column})) LIMIT 500) AS gone"
            " WHERE file.id = gone.id AND file.attached_at < {before} RETURNING file.id, file.key, file.thumbnail_key",
            schema=SCHEMA,
            gone=value("gone", "text"),
            object=value("object", "smallint"),
            field=value("field", "smallint"),
            before=value("before", "timestamptz"),
            table=sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name))),
            column=ident(Slot(object_name, field_name)),
        )
    )
