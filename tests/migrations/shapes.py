"""What a schema holds, as text that can be compared: columns, constraints, indexes, policies, grants to tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tenants.script_text import fill

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from tenants.connection import Connection

SCRATCH = "scratch"

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

_COLUMNS = """
SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || coalesce(' COLLATE ' || l.collname, '') || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation AS l ON l.oid = a.attcollation AND l.collname <> 'default'
WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
"""
_CONSTRAINTS = """
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
WHERE connamespace = $1::regnamespace AND conrelid <> 0 AND contype <> 'n' AND conname <> 'alembic_version_pkc'
"""
_INDEXES = """
SELECT pg_get_indexdef(i.indexrelid) AS line FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relnamespace = $1::regnamespace AND c.relname <> 'alembic_version_pkc'
"""


async def shape(connection: Connection, schema: str) -> list[str]:
    """Every column, constraint and index of a schema, without its name."""
    await connection.control("SET LOCAL search_path = pg_catalog")
    lines = [
        row["line"] for query in (_COLUMNS, _CONSTRAINTS, _INDEXES) for row in await connection.fetch(query, schema)
    ]
    return sorted(line.replace(f'"{schema}".', "").replace(f"{schema}.", "") for line in lines)


async def create_all(connection: Connection, metadata: sa.MetaData) -> None:
    """The tables of the models in the scratch schema, by SQLAlchemy's own words."""
    await connection.control(fill("CREATE SCHEMA @schema@; SET LOCAL search_path = @schema@", {"schema": SCRATCH}))
    for statement in statements_of(metadata):
        await connection.control(statement)


def statements_of(metadata: sa.MetaData) -> list[str]:
    """The statements in order: tables, their indexes, and last what points in a circle."""
    tables = metadata.sorted_tables
    elements: list[sa.schema.ExecutableDDLElement] = [sa.schema.CreateTable(table) for table in tables]
    elements += [sa.schema.CreateIndex(index) for table in tables for index in sorted(table.indexes, key=str)]
    elements += [
        sa.schema.AddConstraint(constraint)
        for table in tables
        for constraint in table.foreign_key_constraints
        if constraint.use_alter
    ]
    translate: dict[str | None, str | None] = {None: SCRATCH, metadata.schema: SCRATCH}
    return [
        str(element.compile(dialect=_DIALECT, schema_translate_map=translate, render_schema_translate=True))
        for element in elements
    ]
