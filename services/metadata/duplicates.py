"""Unique rules over values that are not: refused before an index is built, told where they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.errors import ValuesNotUnique
from schema.metadata.physical import unique_column
from services.metadata.sizes import is_long
from tenants.sql import SCHEMA, ident, render, sql

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from services.metadata.gathering import Gathered
    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork


async def refuse_duplicates(
    work: DefinitionWork, after: Snapshot, thing: ObjectDefinition, field: FieldDefinition
) -> None:
    """A unique rule over values that are not is refused."""
    if not field.field.is_unique:
        return
    await _refuse_repeated(work, thing, unique_column(after.registry, thing.name, field.name))


async def _refuse_repeated(work: DefinitionWork, thing: ObjectDefinition, name: str) -> None:
    column = ident(name)
    repeated = sql(
        "SELECT count(*) FROM (SELECT {column} FROM {schema}.{table} WHERE deleted_at IS NULL AND {column} IS NOT NULL"
        " GROUP BY {column} HAVING count(*) > 1) AS repeated",
        column=column,
        schema=SCHEMA,
        table=ident(thing.table),
    )
    ((count,),) = await work.session.fetch(render(repeated).bound(work.session.schema, {}))
    if count:
        raise ValuesNotUnique(count=count)


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
                    await _refuse_repeated(work, thing, column)
