"""Definitions for tests, every argument defaulted; and what the database really holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import Run
from schema.metadata.fields import Label
from services import metadata
from services.metadata import ChoiceDraft, Defined, FieldDraft, ObjectDraft
from tenants.sql import SCHEMA, BoundSql, render, sql
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.metadata.registry import Registry
    from tests.builders.tenants import Tenant

EQUIPMENT = ObjectDraft(
    Label("设备", "Equipment"),
    fields=(
        FieldDraft(Label("设备型号", "Model"), "text", required=True),
        FieldDraft(
            Label("状态", "Status"),
            "choice",
            choices=(ChoiceDraft(Label("在用", "In use"), "inUse"), ChoiceDraft(Label("报废", "Scrapped"))),
        ),
        FieldDraft(Label("客户", "Customer"), "relation", target="customer"),
    ),
)


async def define_equipment(tenant: Tenant) -> Defined:
    return await tenant.define(lambda work: metadata.create_object(work, EQUIPMENT), person="admin")


async def add_field(
    tenant: Tenant, object_name: str = "customer", *, fill_existing: bool = False, **draft: object
) -> Defined:
    given = {"label": Label("设备型号", "Model"), "type": "text", **draft}
    field = FieldDraft(**given)  # type: ignore[arg-type]  # keywords of the test
    return await tenant.define(
        lambda work: metadata.add_field(work, object_name, field, fill_existing=fill_existing), person="admin"
    )


async def registry_of(tenant: Tenant) -> Registry:
    return await tenant.read(metadata.registry)


async def columns_of(tenant: Tenant, table: str) -> dict[str, str]:
    """Column → type, as PostgreSQL spells it."""
    rows = await tenant.read(
        lambda work: work.session.fetch(
            BoundSql(
                "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
                " WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped",
                (f'"{tenant.placement.schema}"."{table}"',),
            )
        )
    )
    return {row["attname"]: row["type"] for row in rows}


async def indexes_of(tenant: Tenant, table: str) -> Sequence[str]:
    """Names of the indexes of a table."""
    rows = await tenant.read(
        lambda work: work.session.fetch(
            BoundSql(
                "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
                " WHERE indrelid = $1::regclass AND indisvalid ORDER BY relname",
                (f'"{tenant.placement.schema}"."{table}"',),
            )
        )
    )
    return [row["relname"] for row in rows]


async def fill_customers(tenant: Tenant, count: int, *, name: str = "Customer ") -> None:
    """Many customers at once, past the write path, for what depends on the number of rows alone."""
    text = render(
        sql(
            "INSERT INTO {schema}.customer (id, name, name_sort, name_norm, region)"
            " SELECT md5($1 || n)::uuid, $1 || n, $1 || n, $1 || n, 'region ' || n FROM generate_series(1, $2::int) AS n",
            schema=SCHEMA,
        )
    ).bind(tenant.placement.schema, str)
    await tenant.write(lambda work: work.session.run(BoundSql(text, (name, count))))


def stage_of(tenant: Tenant) -> Run:
    """What the background gets to finish a field with."""
    return Run(tenant.installation, tenant.placement, ORIGIN)
