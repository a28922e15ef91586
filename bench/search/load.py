"""Customers put into an empty tenant by COPY, with the keys of search that the write path would give them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from bench.reads.data import CUSTOMER, ORIGIN, PERSON, USERS, Loaded, Sizes, as_administrator, load, record_id
from bench.search.customers import Customer, customers
from schema.metadata.companions import columns
from services import metadata
from tenants import preparation
from tenants.context import SYSTEM, TenantId
from tenants.installation import Installation
from tenants.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import asyncpg

    from schema.metadata.registry import Registry
    from tenants.settings import Settings

_NOBODY = Sizes(customers=0, contacts=0, opportunities=0, activities=0)
# The user `few` owns every so many.
_OF_FEW = 100_000
_FIRST = datetime(2023, 1, 1, tzinfo=UTC)
_FIELDS = {"name": "name", "shortName": "short_name", "creditCode": "credit_code", "phone": "phone", "email": "email"}
_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = $1 AND tablename = $2 AND indexname !~ '_pkey$'"
)


def loaded(settings: Settings, count: int, note: Path) -> Loaded:
    """The tenant with its customers; one that an earlier run has left is used again."""
    if note.exists():
        asyncio.run(preparation.prepare(settings))
        return _read(note)
    found = asyncio.run(_loaded(settings, count))
    note.write_text(json.dumps({"placement": asdict(found.placement), "tokens": dict(found.tokens)}, default=str))
    return found


async def _loaded(settings: Settings, count: int) -> Loaded:
    found = await load(settings, _NOBODY)
    async with Installation.open(settings) as installation:
        registry = await installation.transactions.read(found.placement, SYSTEM, ORIGIN, metadata.registry)
    connection = await as_administrator(settings, found.placement)
    try:
        await _fill(connection, found.placement, registry, count)
    finally:
        await connection.close()
    return found


def _read(note: Path) -> Loaded:
    told = json.loads(note.read_text())
    placement = told["placement"]
    placement["tenant_id"] = TenantId(UUID(placement["tenant_id"]))
    return Loaded(Placement(**placement), told["tokens"], ())


async def _fill(
    connection: asyncpg.Connection[asyncpg.Record], placement: Placement, registry: Registry, count: int
) -> None:
    table = registry.names["customer"].table
    indexes = await connection.fetch(_INDEXES, placement.schema, table)
    write = _writer(registry)
    names = ["id", "created_at", "updated_at", "owner_id", *write(next(customers(1)))]
    await connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
    for index in indexes:
        await connection.execute(f'DROP INDEX {placement.schema}."{index["indexname"]}"')
    await connection.copy_records_to_table(
        table, schema_name=placement.schema, columns=names, records=_records(write, count)
    )
    for index in indexes:
        await connection.execute(index["indexdef"])
    # VACUUM marks a page as seen by all only once the log of it has been written.
    await connection.execute("SET synchronous_commit = on")
    await connection.execute("CHECKPOINT")
    await connection.execute(f'VACUUM ANALYZE {placement.schema}."{table}"')


def _records(write: Callable[[Customer], dict[str, object]], count: int) -> Iterator[tuple[object, ...]]:
    for row, customer in enumerate(customers(count)):
        moment = _FIRST + timedelta(minutes=row)
        owner = USERS + 2 if row % _OF_FEW == 0 else row % USERS
        yield (record_id(CUSTOMER, row), moment, moment, record_id(PERSON, owner), *write(customer).values())


def _writer(registry: Registry) -> Callable[[Customer], dict[str, object]]:
    """The columns of a customer, as the write path fills them."""
    names = registry.names["customer"].fields
    fields = []
    for name, attribute in _FIELDS.items():
        field = registry.shape.field("customer", name)
        assert field is not None
        fields.append((field, names[name].column, attribute))

    def write(customer: Customer) -> dict[str, object]:
        return {
            column + (f"_{part}" if part else ""): value
            for field, column, attribute in fields
            for part, value in columns(field, getattr(customer, attribute)).items()
        }

    return write
