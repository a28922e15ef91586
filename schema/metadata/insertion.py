"""Rows of the fixed definition tables as one statement for each table, from one JSON document.

Of insertion the same statement serves a transaction, with the document as its parameter, and a provisioning script, with the
document written into the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schema.metadata.rows import document
from tenants.sql import SCHEMA, BoundSql, Fragment, Template, ident, join, render, sql, value


def bound(schema: str, table: str, rows: Sequence[Mapping[str, object]]) -> BoundSql:
    """The statement with its parameter; every row has the same columns."""
    return BoundSql(_template(table, rows).bind(schema, str), (document(rows),))


def bound_change(schema: str, table: str, rows: Sequence[Mapping[str, object]]) -> BoundSql:
    """The same for rows that are there, each found by its id."""
    columns = [name for name in rows[0] if name != "id"]
    template = render(
        sql(
            "UPDATE {table} AS kept SET {changes} FROM jsonb_populate_recordset(NULL::{table}, {rows}) AS new"
            " WHERE kept.id = new.id",
            table=_named(table),
            changes=join(", ", (sql("{column} = new.{column}", column=ident(each)) for each in columns)),
            rows=value("rows", "jsonb"),
        )
    )
    return BoundSql(template.bind(schema, str), (document(rows),))


def script(table: str, rows: Sequence[Mapping[str, object]]) -> Template:
    """The statement as text alone. The document is one literal; doubling its quotes is all that the server asks for."""
    literal = "'" + document(rows).replace("'", "''") + "'"
    parts = _template(table, rows).parts
    return Template(tuple(each.replace("$1", literal) if isinstance(each, str) else each for each in parts), ())


def _template(table: str, rows: Sequence[Mapping[str, object]]) -> Template:
    names = list(rows[0])
    return render(
        sql(
            "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {rows})",
            table=_named(table),
            columns=join(", ", map(ident, names)),
            rows=value("rows", "jsonb"),
        )
    )


def _named(table: str) -> Fragment:
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(table))
