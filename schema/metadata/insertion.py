"""Rows of the fixed definition tables as one statement for each table, from one JSON document.

The same statement serves a transaction, with the document as its parameter, and a provisioning script, with the
document written into the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schema.metadata.rows import document
from tenants.sql import SCHEMA, BoundSql, Template, ident, join, render, sql, value


def bound(schema: str, table: str, rows: Sequence[Mapping[str, object]]) -> BoundSql:
    """The statement with its parameter; every row has the same columns."""
    return BoundSql(_template(table, rows).bind(schema, str), (document(rows),))


def script(table: str, rows: Sequence[Mapping[str, object]]) -> Template:
    """The statement as text alone. The document is one literal; doubling its quotes is all that the server asks for."""
    literal = "'" + document(rows).replace("'", "''") + "'"
    parts = _template(table, rows).parts
    return Template(tuple(each.replace("$1", literal) if isinstance(each, str) else each for each in parts), ())


def _template(table: str, rows: Sequence[Mapping[str, object]]) -> Template:
    names = list(rows[0])
    here = sql("{schema}.{table}", schema=SCHEMA, table=ident(table))
    return render(
        sql(
            "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {rows})",
            table=here,
            columns=join(", ", map(ident, names)),
            rows=value("rows", "jsonb"),
        )
    )
