"""Statements that PostgreSQL refuses inside a transaction, such as building an index beside running writes.

Each runs as the owner role on a connection opened for it alone and closed behind it, never one of the pool: the role
stays set on it. It must not go through a transaction pooler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.connection import close, connect
from tenants.script_text import fill

if TYPE_CHECKING:
    from tenants.catalog import Catalog
    from tenants.placement import Placement
    from tenants.sql import BoundSql

# Beside running writes means waiting for them; how long the work itself takes depends on the table alone.
_OPENING = """
SET ROLE @role@; SET search_path = pg_catalog; SET lock_timeout = '60s'; SET statement_timeout = 0
"""


async def run_outside(catalog: Catalog, placement: Placement, statement: BoundSql) -> None:
    """One statement of the owner of a tenant's tables."""
    connection = await connect(await catalog.login_address(placement.cell, "definer"), application="kezhi outside")
    try:
        await connection.control(fill(_OPENING, {"role": placement.owner_role}))
        await connection.run(statement)
    finally:
        await close(connection)
