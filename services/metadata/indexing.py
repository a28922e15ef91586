"""Indexes that take long, built beside the writers of their table, outside of any transaction.

It may run twice: an index that is left half built is dropped and built again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata import ddl
from schema.metadata.physical import tables_of, unique_column
from tenants.sql import render, sql, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.physical import TableIndex
    from services.jobs import Stage
    from services.metadata.snapshot import Snapshot
    from tenants.context import ReadWork
    from tenants.sql import BoundSql, Fragment


def missing_indexes(before: Snapshot, after: Snapshot, table: str) -> tuple[TableIndex, ...]:
    """Those that a table gains; plain ones first, because a unique one may fail."""
    wanted, present = (tables_of(each.registry)[table].indexes for each in (after, before))
    found = (index for name, index in wanted.items() if name not in present)
    return tuple(sorted(found, key=lambda each: (each.is_unique, each.name)))


async def may_stand_first(work: ReadWork, after: Snapshot, thing: ObjectDefinition, field: FieldDefinition) -> bool:
    """Whether what a unique rule compares is right before records are filled: the value itself, or a column about to come.

    One that was there already holds what was written when the field was unique last; what is computed may be old, too.
    """
    if not field.field.is_unique or field.field.type.derivation is not None:
        return False
    column = unique_column(after.registry, thing.name, field.name)
    if column == field.column:
        return True
    values = {"schema": work.session.schema, "table": thing.table, "column": column}
    return not await work.session.fetch(_COLUMN.bound(work.session.schema, values))


async def standing(work: ReadWork, indexes: Iterable[TableIndex]) -> frozenset[str]:
    """The names of those that PostgreSQL has, and holds every row in."""
    values = {"schema": work.session.schema, "names": [each.name for each in indexes]}
    return frozenset(row["name"] for row in await work.session.fetch(_STANDING.bound(work.session.schema, values)))


async def build_indexes(stage: Stage, table: str, indexes: Iterable[TableIndex]) -> None:
    """One after the other; values that do not keep a unique one end it with PostgreSQL's error."""
    for index in indexes:
        await drop_indexes(stage, [index])
        await stage.outside(_bound(ddl.build_index(table, index)))


async def drop_indexes(stage: Stage, indexes: Iterable[TableIndex]) -> None:
    """Whatever there is of them."""
    for index in indexes:
        await stage.outside(_bound(ddl.drop_index_beside_writers(index)))


# --- statements -------------------------------------------------------------------------------------------------------

_COLUMN = render(
    sql(
        "SELECT FROM information_schema.columns"
        " WHERE table_schema = {schema} AND table_name = {table} AND column_name = {column}",
        schema=value("schema", "text"),
        table=value("table", "text"),
        column=value("column", "text"),
    )
)

_STANDING = render(
    sql(
        "SELECT made.relname AS name FROM pg_index JOIN pg_class AS made ON made.oid = indexrelid"
        " JOIN pg_namespace AS place ON place.oid = made.relnamespace"
        " WHERE place.nspname = {schema} AND made.relname = ANY({names}) AND indisvalid",
        schema=value("schema", "text"),
        names=value("names", "text[]"),
    )
)


def _bound(statement: Fragment) -> Callable[[str], BoundSql]:
    return lambda schema: render(statement).bound(schema, {})
