"""Indexes that take long, built beside the writers of their table, outside of any transaction.

It may run twice: an index that is left half built is dropped and built again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata import ddl
from schema.metadata.physical import tables_of
from tenants.sql import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from schema.metadata.physical import TableIndex
    from services.jobs import Stage
    from services.metadata.snapshot import Snapshot
    from tenants.sql import BoundSql, Fragment


def missing_indexes(before: Snapshot, after: Snapshot, table: str) -> tuple[TableIndex, ...]:
    """Those that a table gains; plain ones first, because a unique one may fail."""
    wanted, present = (tables_of(each.registry)[table].indexes for each in (after, before))
    found = (index for name, index in wanted.items() if name not in present)
    return tuple(sorted(found, key=lambda each: (each.is_unique, each.name)))


async def build_indexes(stage: Stage, table: str, indexes: Iterable[TableIndex]) -> None:
    """One after the other; values that do not keep a unique one end it with PostgreSQL's error."""
    for index in indexes:
        await drop_indexes(stage, [index])
        await stage.outside(_bound(ddl.build_index(table, index)))


async def drop_indexes(stage: Stage, indexes: Iterable[TableIndex]) -> None:
    """Whatever there is of them."""
    for index in indexes:
        await stage.outside(_bound(ddl.drop_index_beside_writers(index)))


def _bound(statement: Fragment) -> Callable[[str], BoundSql]:
    return lambda schema: render(statement).bound(schema, {})
