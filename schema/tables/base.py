"""The MetaData of a tenant's fixed tables and the column shorthands they share. No schema name stands here."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

tenant_metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

UUID = pg.UUID(as_uuid=True)
TIMESTAMP = sa.DateTime(timezone=True)
TEXT = sa.Text(collation="C")


def identity() -> sa.Column[object]:
    """The id column of every table: a UUIDv7 made by the application."""
    return sa.Column("id", UUID, primary_key=True)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A point in time, filled by the database unless it may be empty."""
    return sa.Column(name, TIMESTAMP, nullable=nullable, server_default=None if nullable else sa.func.now())


def versioned() -> tuple[sa.Column[object], ...]:
    """The columns that system objects share with records."""
    return (
        identity(),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        moment("created_at"),
        moment("updated_at"),
    )
