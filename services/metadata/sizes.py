"""How much one transaction goes over: beyond that, a job does it in many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.metadata.gathering import gathered_by
from tenants.sql import SCHEMA, ident, integer, render, sql

if TYPE_CHECKING:
    from tenants.context import ReadWork

# Up to here an index is built, and old records are filled, inside the transaction.
MOST_ROWS_AT_ONCE = 50_000


async def is_long(work: ReadWork, table: str) -> bool:
    """Whether a table has more rows than one transaction goes over."""
    if (gathered := gathered_by(work)) is not None and not gathered.stands(table):
        return False
    some = sql(
        "SELECT count(*) FROM (SELECT FROM {schema}.{table} LIMIT {most}) AS found",
        schema=SCHEMA,
        table=ident(table),
        most=integer(MOST_ROWS_AT_ONCE + 1),
    )
    ((count,),) = await work.session.fetch(render(some).bound(work.session.schema, {}))
    return int(count) > MOST_ROWS_AT_ONCE
