"""How many records there are: exact to 10,000, an estimate from a sample of the table above.

Both look through the caller's conditions, so a total never tells of records that the caller may not see.
"""

from __future__ import annotations

from services.query.scopes import all_of
from services.query.sources import Source
from tenants.sql import Fragment, integer, sql

EXACT_TO = 10_000
_SAMPLED_ROWS = 20_000


def total_select(given: Source) -> Fragment:
    """One row: `total` and `is_exact`."""
    conditions = all_of(given.conditions)
    counted = sql(
        "SELECT count(*) AS n FROM (SELECT 1 FROM {table} WHERE {conditions} LIMIT {limit}) t",
        table=given.table,
        conditions=conditions,
        limit=integer(EXACT_TO + 1),
    )
    return sql(
        "SELECT CASE WHEN e.n <= {limit} THEN e.n ELSE greatest(e.n, {estimate}) END AS total, "
        "e.n <= {limit} AS is_exact FROM ({counted}) e",
        limit=integer(EXACT_TO),
        estimate=_estimate(given, conditions),
        counted=counted,
    )


def _estimate(given: Source, conditions: Fragment) -> Fragment:
    """The share of a sample that meets the conditions, times the rows that the table is believed to have."""
    return sql(
        "(SELECT CASE WHEN s.rows > 0 THEN (SELECT round(count(*) FILTER (WHERE {conditions}) * s.rows "
        "/ greatest(count(*), 1))::bigint FROM {table} TABLESAMPLE SYSTEM (least(100, 100.0 * {sampled} / s.rows)) "
        "REPEATABLE (1)) ELSE (SELECT count(*) FROM {table} WHERE {conditions}) END "
        "FROM (SELECT c.reltuples::numeric AS rows FROM pg_class c WHERE c.oid = '{name}'::regclass) s)",
        conditions=conditions,
        table=given.table,
        sampled=integer(_SAMPLED_ROWS),
        name=given.name,
    )
