"""The tables of the catalog database: cells, logins, tenants, keys. The catalog's copies of versions are hints."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.context import TenantId
from tenants.placement import Placement

if TYPE_CHECKING:
    import uuid

    import asyncpg

TEXT = sa.Text(collation="C")
UUID = pg.UUID(as_uuid=True)
TIMESTAMP = sa.DateTime(timezone=True)

catalog_metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


class TenantState(StrEnum):
    """Where a tenant stands; only `active` ones are answered, and `disabled` ones only end what they began."""

    CLAIMING = "claiming"
    ACTIVE = "active"
    DISABLED = "disabled"


def _created_at() -> sa.Column[object]:
    return sa.Column("created_at", TIMESTAMP, nullable=False, server_default=sa.func.now())


# A cell is one database; an empty host means the server of the catalog.
cell = sa.Table(
    "cell",
    catalog_metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("region", TEXT, nullable=False),
    sa.Column("host", TEXT, nullable=False, server_default=""),
    sa.Column("port", sa.Integer, nullable=False, server_default="0"),
    sa.Column("capacity", sa.Integer, nullable=False, server_default="500"),
    _created_at(),
)

login = sa.Table(
    "login",
    catalog_metadata,
    sa.Column("cell", TEXT, sa.ForeignKey("cell.name"), primary_key=True),
    # runtime_01 …, definer, relay, sequencer, exporter
    sa.Column("name", TEXT, primary_key=True),
    # Roles are shared by all databases of a server, so the cell's name stands in front.
    sa.Column("role", TEXT, nullable=False, unique=True),
    sa.Column("sealed_password", sa.LargeBinary, nullable=False),
    _created_at(),
)

tenant = sa.Table(
    "tenant",
    catalog_metadata,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("slug", TEXT, nullable=False, unique=True),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("region", TEXT, nullable=False),
    sa.Column("cell", TEXT, nullable=False),
    sa.Column("schema", TEXT, nullable=False, unique=True),
    sa.Column("login", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("idempotency_key", TEXT, nullable=False, unique=True),
    # A hint for the operator; the truth is the tenant's own `state`.
    sa.Column("schema_version", TEXT, nullable=False, server_default=""),
    _created_at(),
    sa.Column("active_at", TIMESTAMP, nullable=True),
    sa.ForeignKeyConstraint(["cell", "login"], ["login.cell", "login.name"]),
    sa.Index(None, "cell", "login"),
)

token_key = sa.Table(
    "token_key",
    catalog_metadata,
    sa.Column("kid", TEXT, primary_key=True),
    sa.Column("tenant_id", UUID, sa.ForeignKey("tenant.id", ondelete="CASCADE"), nullable=False),
    sa.Column("public", sa.LargeBinary, nullable=False),
    sa.Column("sealed_private", sa.LargeBinary, nullable=False),
    _created_at(),
    sa.Index(None, "tenant_id", "created_at"),
)

# What encrypted fields are sealed with; each opens what it sealed for as long as it is here.
secret_key = sa.Table(
    "secret_key",
    catalog_metadata,
    sa.Column("kid", TEXT, primary_key=True),
    sa.Column("tenant_id", UUID, sa.ForeignKey("tenant.id", ondelete="CASCADE"), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    _created_at(),
    sa.Index(None, "tenant_id", "created_at"),
)

audit_key = sa.Table(
    "audit_key",
    catalog_metadata,
    sa.Column("kid", TEXT, primary_key=True),
    sa.Column("public", sa.LargeBinary, nullable=False),
    sa.Column("sealed_private", sa.LargeBinary, nullable=False),
    _created_at(),
)

# The head of a tenant's audit chain, signed each minute, outside of the database that it speaks of.
audit_head = sa.Table(
    "audit_head",
    catalog_metadata,
    sa.Column("tenant_id", UUID, sa.ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("kid", TEXT, sa.ForeignKey("audit_key.kid"), nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    _created_at(),
)


def placements() -> sa.Select[tuple[uuid.UUID, str, str, str, str, str, str]]:
    """Where tenants live, and whether they are active; `placement_of` reads its rows."""
    return sa.select(
        tenant.c.id, tenant.c.slug, tenant.c.region, tenant.c.cell, tenant.c.schema, tenant.c.login, tenant.c.state
    )


def active_placements() -> sa.Select[tuple[uuid.UUID, str, str, str, str, str, str]]:
    """The tenants that are answered, in a steady order."""
    return placements().where(tenant.c.state == TenantState.ACTIVE.value).order_by(tenant.c.cell, tenant.c.schema)


def standing_placements() -> sa.Select[tuple[uuid.UUID, str, str, str, str, str, str]]:
    """The tenants that are there, answered or not, in a steady order."""
    return placements().where(tenant.c.state != TenantState.CLAIMING.value).order_by(tenant.c.cell, tenant.c.schema)


def placement_of(row: asyncpg.Record) -> Placement:
    """The placement in a row of `placements`."""
    return Placement(
        tenant_id=TenantId(row["id"]),
        slug=row["slug"],
        region=row["region"],
        cell=row["cell"],
        schema=row["schema"],
        login=row["login"],
    )
