"""Records of a tenant, written by the product's own verbs, and what they left behind, read as stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.metadata import codes
from schema.tables.audit import audit_entry
from schema.tables.records import change, record_history
from services import records
from tenants import administration
from tenants.cells import outbox, touched
from tenants.errors import Refused
from tenants.sql import SCHEMA, BoundSql, ident, render, sql

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from uuid import UUID

    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

# Hiring the staff is audited too; tests of records count what records left.
PLATFORM = ("", "user", "department", "role")
# Of four companies.
CREDIT_CODES = tuple(codes.with_checks(f"91330100{number:08}") for number in range(1, 5))


async def create(tenant: Tenant, object_name: str, *given: Mapping[str, object], person: str = "") -> tuple[UUID, ...]:
    """The ids of new records."""
    written = await tenant.write(lambda work: records.create(work, object_name, given), person=person)
    return written.ids


async def create_one(tenant: Tenant, object_name: str, *, person: str = "", **given: object) -> UUID:
    """The id of a new record."""
    (made,) = await create(tenant, object_name, given, person=person)
    return made


async def update(
    tenant: Tenant,
    object_name: str,
    record_id: UUID,
    *,
    person: str = "",
    if_version: int | None = None,
    **changes: object,
) -> None:
    """Change one record."""
    await tenant.write(
        lambda work: records.update(work, object_name, [record_id], changes, if_version=if_version), person=person
    )


async def stored(tenant: Tenant, table: str, record_id: UUID) -> dict[str, Any]:  # Any: columns of any type
    """The row as it stands, by column."""
    text = render(sql("SELECT * FROM {schema}.{table} WHERE id = $1", schema=SCHEMA, table=ident(table))).bind(
        tenant.placement.schema, lambda slot: slot.object_name
    )
    rows = await tenant.read(lambda work: work.session.fetch(BoundSql(text, (record_id,))))
    return dict(rows[0]) if rows else {}


async def lines_of(tenant: Tenant, quote: UUID) -> list[dict[str, Any]]:  # Any: columns of any type
    """The live lines of a quote as they stand, by their place."""
    text = render(
        sql(
            "SELECT * FROM {schema}.quote_line WHERE quote_id = $1 AND deleted_at IS NULL ORDER BY position",
            schema=SCHEMA,
        )
    ).bind(tenant.placement.schema, str)
    return [dict(row) for row in await tenant.read(lambda work: work.session.fetch(BoundSql(text, (quote,))))]


@dataclass(frozen=True, slots=True)
class Traces:
    """How many rows of each kind stand in a tenant."""

    history: int
    audit: int
    changes: int

    def __sub__(self, before: Traces) -> Traces:
        return Traces(self.history - before.history, self.audit - before.audit, self.changes - before.changes)


async def traces(tenant: Tenant) -> Traces:
    """Count what writes of records left behind."""

    async def count(work: ReadWork) -> Traces:
        numbers = [
            await work.session.scalar(sa.select(sa.func.count()).select_from(table).where(condition))
            for table, condition in (
                (record_history, sa.true()),
                (audit_entry, audit_entry.c.object_name.not_in(PLATFORM)),
                (change, sa.true()),
            )
        ]
        return Traces(*numbers)

    return await tenant.read(count)


async def history(tenant: Tenant, record_id: UUID) -> list[tuple[int, str, dict[str, Any]]]:  # Any: values of fields
    """(version, verb, changes) of a record, in order."""
    query = (
        sa
        .select(record_history.c.version, record_history.c.verb, record_history.c.changes)
        .where(record_history.c.record_id == record_id)
        .order_by(record_history.c.version)
    )
    rows = await tenant.read(lambda work: work.session.rows(query))
    return [(row["version"], row["verb"], row["changes"]) for row in rows]


async def events(tenant: Tenant) -> list[tuple[str, dict[str, Any]]]:  # Any: payload of a message
    """(message, payload) of the tenant's outbox, in order."""
    query = (
        sa
        .select(outbox.c.message, outbox.c.payload)
        .where(outbox.c.tenant == tenant.placement.schema, outbox.c.message.like("record.%"))
        .order_by(outbox.c.id)
    )
    rows = await tenant.installation.cells.rows(tenant.placement.cell, "relay", query)
    return [(row["message"], row["payload"]) for row in rows]


async def touches(tenant: Tenant) -> int:
    """How many marks the tenant left for the sequencer."""
    query = sa.select(sa.func.count()).select_from(touched).where(touched.c.tenant == tenant.placement.schema)
    (row,) = await tenant.installation.cells.rows(tenant.placement.cell, "sequencer", query)
    return int(row[0])


async def refused(attempt: Awaitable[object]) -> list[tuple[tuple[str | int, ...], str]]:
    """(path, code) of everything that a refused write names."""
    with pytest.raises(Refused) as caught:
        await attempt
    return [(each.path, each.fault.code) for each in caught.value.violations]


async def somebody_waits(tenant: Tenant) -> None:
    """Until a transaction waits for a lock that another one holds, as only the administrator sees it.

    The lock timeout of the one that waits bounds it.
    """
    address = administration.administrator(tenant.installation.settings.database, tenant.placement.cell)
    async with administration.connected(address) as connection:
        while not await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            pass
