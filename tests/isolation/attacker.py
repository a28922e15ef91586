"""An injection made real: text of the attacker's choice runs where a statement of the tenant would.

`Attacker.sees_victim` answers whether any value that came back is the other tenant's secret.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.session import transaction, writing
from tenants.settings import TransactionSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tenants.connection import Connection
    from tenants.installation import Installation
    from tenants.placement import Placement

OPENING = writing(TransactionSettings(write_ms=2_000, lock_ms=1_000))
SECRET = "theirs"

_SECRET_TABLE = (
    "CREATE TABLE {schema}.x_secret (word text NOT NULL)",
    "INSERT INTO {schema}.x_secret VALUES ('{word}')",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.x_secret TO {role}",
)


def secrets_of(word: str) -> Callable[[Placement], Sequence[str]]:
    """The script of a tenant with one table, used as record tables are."""

    def script(placement: Placement) -> Sequence[str]:
        return [text.format(schema=placement.schema, role=placement.role, word=word) for text in _SECRET_TABLE]

    return script


@dataclass(frozen=True, slots=True)
class Attacker:
    """One tenant of the installation, after the schema and roles of another."""

    installation: Installation
    own: Placement
    victim: Placement

    def text(self, template: str) -> str:
        """A statement with the names filled in: `{own}` and `{victim}` are schemas and roles at once."""
        return template.format(own=self.own.schema, victim=self.victim.schema, login=self.own.login)

    @asynccontextmanager
    async def inside(self, *, role: str | None = "own") -> AsyncIterator[Connection]:
        """A transaction of the attacker's tenant, begun as the product begins it; without a role if none is named."""
        opening = OPENING.message(self.own.role if role else None)
        async with (
            self.installation.databases.lease(self.own.cell, self.own.login) as connection,
            transaction(connection, opening),
        ):
            yield connection

    async def ask(self, *templates: str) -> list[str]:
        """Run statements one after another as the product does; every value that came back, as text."""
        async with self.inside() as connection:
            return await values(connection, *map(self.text, templates))


async def values(connection: Connection, *statements: str) -> list[str]:
    """Every value of every row, as text."""
    return [
        str(value) for statement in statements for row in await connection.fetch(statement) for value in row.values()
    ]
