"""Encrypted fields for tests, and what the database holds of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.fields import Label
from tenants.sql import BoundSql
from tests.builders import metadata
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from services.metadata import Defined
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant
    from tests.clients import Client

NUMBER = "110101199003078515"


async def add_secret(tenant: Tenant, name: str) -> Defined:
    return await metadata.add_field(tenant, name=name, label=Label(name, name), type="encryptedText")


async def keep(caller: Client, name: str, **fields: str) -> str:
    """The id of a customer with these values."""
    made = await mutate(caller, "createCustomer", "customer { id }", record={"name": name, **fields})
    assert made["errors"] == [], made
    return str(made["customer"]["id"])


async def read(caller: Client, record_id: str, field: str) -> Any:  # Any: a value in JSON
    found = await caller.data(f'{{ customer(id: "{record_id}") {{ {field} }} }}')
    return found["customer"][field]


async def kept(tenant: Tenant, field: str) -> dict[UUID, str]:
    """What stands in the column, by the ids of records."""
    table, column = await place(tenant, field)
    text = f"SELECT id, {column} AS kept FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - names of ours
    rows = await tenant.read(lambda work: work.session.fetch(BoundSql(text, ())))
    return {row["id"]: row["kept"] for row in rows}


async def put(tenant: Tenant, field: str, record_id: str, sealed: str) -> None:
    """What somebody does who can write the table, past the platform."""
    table, column = await place(tenant, field)
    text = f"UPDATE {table} SET {column} = $1 WHERE id = $2"  # noqa: S608 - names of ours
    await tenant.write(lambda work: work.session.run(BoundSql(text, (sealed, UUID(record_id)))))


async def place(tenant: Tenant, field: str) -> tuple[str, str]:
    """The table of customers and the column of a field of theirs."""
    names = (await metadata.registry_of(tenant)).names["customer"]
    return f"{tenant.placement.schema}.{names.table}", names.fields[field].column


async def tables_with(tenant: Tenant, text: str) -> list[str]:
    """Every table of the tenant in which a text stands somewhere."""

    async def found(work: DefinitionWork) -> list[str]:
        listed = "SELECT c.oid::regclass::text AS name FROM pg_class AS c WHERE relkind = 'r' AND relnamespace = $1::regnamespace"
        tables = [row["name"] for row in await work.session.fetch(BoundSql(listed, (tenant.placement.schema,)))]
        holding = []
        for table in tables:
            looked = f"SELECT count(*) FROM {table} AS row WHERE position($1 IN row::text) > 0"  # noqa: S608 - names of ours
            (row,) = await work.session.fetch(BoundSql(looked, (text,)))
            if row[0]:
                holding.append(table.partition(".")[2])
        return holding

    return await tenant.define(found)
