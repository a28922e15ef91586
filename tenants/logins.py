"""The logins of a cell: runtime ones, and those of the background. None owns anything or inherits a right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants import administration, statements
from tenants.catalog_tables import login
from tenants.cells import RELAY
from tenants.script_text import fill

if TYPE_CHECKING:
    from tenants.connection import Connection
    from tenants.keys import MasterKey

BACKGROUND_LOGINS = ("definer", RELAY, "sequencer", "exporter")
FIRST_RUNTIME_LOGIN = "runtime_01"


def tenants_group(cell_name: str) -> str:
    """The role whose rights on the cell's tables every tenant role of the cell has."""
    return f"{cell_name}_tenants"


def login_role(cell_name: str, name: str) -> str:
    """Roles are shared by all databases of a server, so the cell's name stands in front."""
    return f"{cell_name}_{name}"


async def add_login(catalog: Connection, master: MasterKey, cell_name: str, name: str) -> None:
    """A login of a cell, its password sealed in the catalog; part of the caller's transaction."""
    role, password = login_role(cell_name, name), administration.new_password()
    await administration.ensure_login(catalog, role, password)
    sealed = master.seal(password.encode(), f"login:{role}")
    await catalog.run(
        statements.bind(sa.insert(login).values(cell=cell_name, name=name, role=role, sealed_password=sealed))
    )


async def grant_connect(connection: Connection, cell_name: str, role: str) -> None:
    """Let a login into a cell."""
    names = {"cell": cell_name, "role": role}
    await connection.control(fill("GRANT CONNECT ON DATABASE @cell@ TO @role@", names))
