"""The values that a field has, each once, with how many records have it: what a preview and new choices look at."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata import conversions
from schema.tables.permissions import field_permission, restriction
from services import permissions, query
from services.permissions import EVERYONE, Level
from services.type_changes.filling import value_of
from tenants.errors import Invalid
from tenants.sql import SCHEMA, Template, ident, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asyncpg import Record

    from schema.metadata.conversions import Sides
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.registry import Shape
    from tenants.context import ReadWork

# Of long texts few are held by a process that serves others too.
MOST_BYTES = 16 * 1024 * 1024
# Different values that are tried before a change.
MOST_TRIED = 50_000
_CLOSED = ("none", "masked")


@dataclass(frozen=True, slots=True)
class Group:
    """One value, how many records have it, and one of them that is not deleted."""

    stored: object
    count: int
    record_id: UUID | None


async def groups(work: ReadWork, thing: ObjectDefinition, source: FieldDefinition, *, most: int) -> list[Group]:
    """The empty value if there is, and the most frequent ones of a field, as far as they may be held at once."""
    bound = _groups(thing, source).bound(work.session.schema, {"most": most, "bytes": MOST_BYTES})
    return [_group(row) for row in await work.session.fetch(bound)]


async def unfit(found: Sequence[Group], sides: Sides) -> list[tuple[Group, str]]:
    """The values that have no form in the new type, each with why: only the code, because a message may say the value."""
    # Tens of thousands of conversions: others of the process are not to wait for them.
    return await asyncio.to_thread(_unfit, found, sides)


def _unfit(found: Sequence[Group], sides: Sides) -> list[tuple[Group, str]]:
    return [(each, code) for each in found if (code := _fault(each, sides)) is not None]


def _fault(group: Group, sides: Sides) -> str | None:
    try:
        conversions.convert(group.stored, sides)
    except Invalid as fault:
        return fault.code
    return None


async def require_readable(work: ReadWork, shape: Shape, object_name: str, field_name: str) -> None:
    """Refuse who may not read the field: how many values fit a type of one's choice tells them, asked one by one."""
    touched = query.bind_column(shape, object_name, (field_name,), decides=True)
    query.require_readable(touched, await permissions.policy(work))


async def are_open(work: ReadWork, thing: ObjectDefinition, source: FieldDefinition) -> bool:
    """Whether the caller reads all values of the field, and no role is kept from any."""
    rights = (await permissions.policy(work)).on(thing.name)
    if rights.read != EVERYONE or rights.level(source.name) < Level.READ:
        return False
    if source.field.audit_reads or thing.audit_reads:
        return False
    return not any([await work.session.scalar(each) for each in _closing(thing.name, source.name)])


def _closing(object_name: str, field_name: str) -> tuple[sa.Select[int], ...]:
    return tuple(
        sa
        .select(sa.func.count())
        .select_from(table)
        .where(table.c.object_name == object_name, table.c.field_name == field_name, table.c.level.in_(_CLOSED))
        for table in (field_permission, restriction)
    )


def _group(row: Record) -> Group:
    whole, part, count, record_id = row
    return Group(value_of(whole, part), count, UUID(record_id) if record_id else None)


def _groups(thing: ObjectDefinition, source: FieldDefinition) -> Template:
    column = ident(source.column)
    part = ident(f"{source.column}_currency") if source.field.type_name == "currency" else sql("NULL::text")
    return render(
        sql(
            "SELECT whole, part, together, record_id FROM (SELECT {column} AS whole, {part} AS part, count(*) AS together,"
            " min(id::text) FILTER (WHERE deleted_at IS NULL) AS record_id,"
            " coalesce(sum(octet_length({column}::text)) OVER (ORDER BY {column} IS NOT NULL, count(*) DESC, {column}, {part}"
            " ROWS UNBOUNDED PRECEDING), 0) AS taken FROM {schema}.{table} GROUP BY 1, 2) AS found WHERE taken <= {bytes}"
            " ORDER BY whole IS NOT NULL, together DESC, whole, part LIMIT {most}",
            column=column,
            part=part,
            schema=SCHEMA,
            table=ident(thing.table),
            most=value("most", "bigint"),
            bytes=value("bytes", "bigint"),
        )
    )
