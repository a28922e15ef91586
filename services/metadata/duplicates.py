"""Unique rules over values that are not: refused before an index is built, told where they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata.errors import ValuesNotUnique
from schema.metadata.physical import unique_column
from services import permissions
from services.metadata.sizes import is_long
from services.permissions import Everyone, Level, Verb
from tenants.sql import SCHEMA, ident, integer, render, sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from services.metadata.gathering import Gathered
    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork, ReadWork
    from tenants.sql import Fragment


# Of how many values the records are told, and how many of each.
_EXAMPLES = _TOGETHER = 5


async def refuse_duplicates(
    work: DefinitionWork, after: Snapshot, thing: ObjectDefinition, field: FieldDefinition
) -> None:
    """A unique rule over values that are not is refused."""
    if not field.field.is_unique:
        return
    await _refuse_repeated(work, thing, field, unique_column(after.registry, thing.name, field.name))


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many values occur more than once, and some of the live records that hold the same."""

    count: int
    groups: tuple[tuple[UUID, ...], ...]


async def repeated_in(work: ReadWork, table: str, column: str) -> Repeated | None:
    """What a unique rule over this column of a table would not allow."""
    rows = await work.session.fetch(render(_repeated(table, ident(column))).bound(work.session.schema, {}))
    return Repeated(rows[0]["whole"], tuple(tuple(row["ids"]) for row in rows)) if rows else None


def _repeated(table: str, column: Fragment) -> Fragment:
    return sql(
        "SELECT ids, count(*) OVER () AS whole FROM (SELECT (array_agg(id ORDER BY id))[1:{together}] AS ids"
        " FROM {schema}.{table} WHERE deleted_at IS NULL AND {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1)"
        " AS repeated ORDER BY ids LIMIT {most}",
        together=integer(_TOGETHER),
        column=column,
        schema=SCHEMA,
        table=ident(table),
        most=integer(_EXAMPLES),
    )


async def _refuse_repeated(work: DefinitionWork, thing: ObjectDefinition, field: FieldDefinition, column: str) -> None:
    repeated = await repeated_in(work, thing.table, column)
    if repeated is not None:
        told = await _told(work, thing, field, repeated.groups)
        raise ValuesNotUnique(count=repeated.count, examples=told)


async def _told(
    work: DefinitionWork, thing: ObjectDefinition, field: FieldDefinition, groups: Sequence[Sequence[UUID]]
) -> str:
    """Which they are, for whoever reads the field of every record; that two hold the same says something of both."""
    rights = (await permissions.policy(work)).on(thing.name)
    if Everyone() not in rights.arms(Verb.READ) or rights.level(field.name) < Level.READ:
        return "–"
    return "; ".join(", ".join(map(str, ids)) for ids in groups)


async def refuse_standing_duplicates(work: DefinitionWork, gathered: Gathered, after: Snapshot) -> None:
    """Told where it is asked for, before anything is built: a unique rule over values that are there."""
    ruled = {field.id: field.field.is_unique for thing in gathered.now.objects for field in thing.fields}
    for thing in after.objects:
        for field in thing.fields if thing not in gathered.now.objects and not thing.is_retired else ():
            if field.field.is_unique and not field.is_retired and not ruled.get(field.id, False):
                normal = unique_column(after.registry, thing.name, field.name)
                # What is equal as it stands has one normal form; where that is not there yet, it tells most of them.
                standing = (each for each in (normal, field.column) if gathered.stands(thing.table, each))
                for column in standing if not await is_long(work, thing.table) else ():
                    await _refuse_repeated(work, thing, field, column)
