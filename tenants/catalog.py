"""The catalog: which tenants there are, where they live, who may connect, which keys sign.

It has a small pool of its own. Placements are remembered for a few seconds; the truth about a tenant's versions is in
its own `state`. Claiming and freeing tenants is in `tenants.claims`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants import statements
from tenants.catalog_tables import (
    active_placements,
    audit_head,
    audit_key,
    cell,
    login,
    placement_of,
    secret_key,
    standing_placements,
    tenant,
    token_key,
)
from tenants.clock import monotonic
from tenants.connection import CONNECTION_FAILURES, DatabaseUnavailable
from tenants.context import TenantId
from tenants.databases import Databases
from tenants.keys import KeyPair
from tenants.placement import OWNER_SUFFIX, Placement
from tenants.remembered import Remembered
from tenants.secret_keys import SecretKey

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    import asyncpg

    from tenants.catalog_tables import TenantState
    from tenants.clock import Monotonic
    from tenants.connection import Address, Connection
    from tenants.keys import MasterKey

_PLACEMENTS_KEPT = 10_000
_PLACEMENT_SECONDS = 5.0
_POOL = 4
_LOGIN = "catalog"
_LIVE_TOKEN_KEYS = 2


class UnknownCell(LookupError):
    """The catalog has no such cell or login."""


class Catalog:
    """Queries over the catalog database."""

    def __init__(self, address: Address, master: MasterKey, *, clock: Monotonic = monotonic) -> None:
        self._address = address
        self._master = master
        self._pool = Databases(self._own_address, connections=_POOL)
        self._placements: Remembered[tuple[str, str], Placement] = Remembered(
            capacity=_PLACEMENTS_KEPT, seconds=_PLACEMENT_SECONDS, monotonic=clock
        )

    def known_by_slug(self, slug: str) -> Placement | None:
        """The active tenant of this name, if it was looked up a moment ago."""
        return self._placements.get(("slug", slug))

    async def placement_by_slug(self, slug: str) -> Placement | None:
        """The active tenant of this name."""
        return self.known_by_slug(slug) or await self._load(
            ("slug", slug), active_placements().where(tenant.c.slug == slug)
        )

    async def placement_by_id(self, tenant_id: TenantId) -> Placement | None:
        """The active tenant with this id."""
        return self._placements.get(("id", str(tenant_id))) or await self._load(
            ("id", str(tenant_id)), active_placements().where(tenant.c.id == tenant_id)
        )

    async def placement_by_schema(self, cell_name: str, schema: str) -> Placement | None:
        """The tenant of a schema, or of a role named after it: how relay and sequencer read what roles wrote.

        A disabled one too, so that what it began before is ended.
        """
        schema = schema.removesuffix(OWNER_SUFFIX)
        return self._placements.get((cell_name, schema)) or await self._load(
            (cell_name, schema), standing_placements().where(tenant.c.cell == cell_name, tenant.c.schema == schema)
        )

    async def each_active_placement(self, cell_name: str | None = None) -> Sequence[Placement]:
        """All active tenants, of one cell or of all, in a steady order."""
        query = active_placements()
        if cell_name is not None:
            query = query.where(tenant.c.cell == cell_name)
        return [placement_of(row) for row in await self.rows(query)]

    async def cells(self) -> Sequence[str]:
        """The names of all cells."""
        return [str(row["name"]) for row in await self.rows(sa.select(cell.c.name).order_by(cell.c.name))]

    async def login_roles(self, cell_name: str) -> Sequence[str]:
        """The roles of all logins of a cell."""
        query = sa.select(login.c.role).where(login.c.cell == cell_name).order_by(login.c.role)
        return [str(row["role"]) for row in await self.rows(query)]

    async def login_address(self, cell_name: str, login_name: str) -> Address:
        """How to connect to a cell as one of its logins."""
        query = (
            sa
            .select(cell.c.host, cell.c.port, login.c.role, login.c.sealed_password)
            .join_from(login, cell, login.c.cell == cell.c.name)
            .where(login.c.cell == cell_name, login.c.name == login_name)
        )
        row = await self.row(query)
        if row is None:
            raise UnknownCell(cell_name, login_name)
        password = self._master.unseal(row["sealed_password"], f"login:{row['role']}").decode()
        host, port = row["host"] or self._address.host, row["port"] or self._address.port
        return replace(self._address, host=host, port=port, database=cell_name, user=row["role"], password=password)

    async def signing_key(self, tenant_id: TenantId) -> KeyPair:
        """The newest token key of a tenant."""
        (row,) = await self.rows(_token_keys(tenant_id).limit(1))
        return _as_key_pair(row)

    async def public_key(self, tenant_id: TenantId, kid: str) -> bytes | None:
        """The public part of a token key that is still live: the newest two are."""
        rows = await self.rows(_token_keys(tenant_id).limit(_LIVE_TOKEN_KEYS))
        return next((cast("bytes", row["public"]) for row in rows if row["kid"] == kid), None)

    async def add_token_key(self, tenant_id: TenantId, pair: KeyPair) -> None:
        """A new key signs from now on."""
        await self.execute(
            sa.insert(token_key).values(
                kid=pair.kid, tenant_id=tenant_id, public=pair.public, sealed_private=pair.sealed_private
            )
        )

    async def secret_keys(self, tenant_id: TenantId) -> Sequence[SecretKey]:
        """The keys of a tenant's encrypted fields, the newest first."""
        query = (
            sa
            .select(secret_key.c.kid, secret_key.c.sealed)
            .where(secret_key.c.tenant_id == tenant_id)
            .order_by(secret_key.c.created_at.desc(), secret_key.c.kid)
        )
        return [SecretKey(row["kid"], row["sealed"]) for row in await self.rows(query)]

    async def add_secret_key(self, tenant_id: TenantId, key: SecretKey) -> None:
        """A new key seals from now on."""
        await self.execute(sa.insert(secret_key).values(kid=key.kid, tenant_id=tenant_id, sealed=key.sealed))

    async def is_settled(self, kid: str, *, seconds: float) -> bool:
        """Whether a key of encrypted fields has been there for so long, by the clock that wrote it."""
        age = sa.func.now() - secret_key.c.created_at
        row = await self.row(
            sa.select(secret_key.c.kid).where(secret_key.c.kid == kid, age > timedelta(seconds=seconds))
        )
        return row is not None

    async def drop_secret_keys(self, tenant_id: TenantId, *, but: str) -> int:
        """Drop the keys that were made before this one; what they sealed must have been sealed anew."""
        made = sa.select(secret_key.c.created_at).where(secret_key.c.kid == but).scalar_subquery()
        older = sa.and_(secret_key.c.tenant_id == tenant_id, secret_key.c.created_at < made)
        return await self.execute(sa.delete(secret_key).where(older))

    async def audit_key(self) -> KeyPair:
        """The newest audit key of the installation."""
        (row,) = await self.rows(sa.select(audit_key).order_by(audit_key.c.created_at.desc()).limit(1))
        return _as_key_pair(row)

    async def note_audit_head(
        self, tenant_id: TenantId, *, seq: int, digest: bytes, kid: str, signature: bytes
    ) -> None:
        """Keep a signed head of a tenant's audit chain; the same head again changes nothing."""
        await self.execute(
            pg
            .insert(audit_head)
            .values(tenant_id=tenant_id, seq=seq, hash=digest, kid=kid, signature=signature)
            .on_conflict_do_nothing()
        )

    async def audit_heads(self, tenant_id: TenantId) -> list[asyncpg.Record]:
        """The signed heads of a tenant in order: seq, hash, signature, and the public part of the key that signed."""
        return await self.rows(
            sa
            .select(audit_head.c.seq, audit_head.c.hash, audit_head.c.signature, audit_key.c.public)
            .join(audit_key, audit_key.c.kid == audit_head.c.kid)
            .where(audit_head.c.tenant_id == tenant_id)
            .order_by(audit_head.c.seq)
        )

    async def rows(self, statement: sa.Executable) -> list[asyncpg.Record]:
        """Run one statement, autocommitted."""
        async with self._leased() as connection:
            return await connection.rows(statements.bind(statement))

    async def row(self, statement: sa.Executable) -> asyncpg.Record | None:
        """The first row."""
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def execute(self, statement: sa.Executable) -> int:
        """Run one statement; how many rows it changed."""
        async with self._leased() as connection:
            return await connection.run(statements.bind(statement))

    async def switch(self, slug: str, *, to: TenantState, from_: TenantState) -> bool:
        """Let a tenant be answered again, or not any more; processes follow when they forget where it was."""
        chosen = sa.and_(tenant.c.slug == slug, tenant.c.state == from_.value)
        self.forget()
        return await self.execute(sa.update(tenant).where(chosen).values(state=to.value)) == 1

    def forget(self) -> None:
        """Forget remembered placements: one was just made or moved."""
        self._placements.clear()

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()

    async def _load(self, key: tuple[str, str], query: sa.Executable) -> Placement | None:
        row = await self.row(query)
        return None if row is None else self._placements.put(key, placement_of(row))

    @asynccontextmanager
    async def _leased(self) -> AsyncIterator[Connection]:
        async with self._pool.lease("", _LOGIN) as connection:
            try:
                yield connection
            except CONNECTION_FAILURES as failure:
                if not connection.is_closed():
                    raise
                # The others went away with the server too.
                self._pool.forget_idle("", _LOGIN)
                raise DatabaseUnavailable from failure

    async def _own_address(self, _cell: str, _login: str) -> Address:
        return self._address


def _token_keys(tenant_id: TenantId) -> sa.Select[tuple[str, bytes, bytes]]:
    return (
        sa
        .select(token_key.c.kid, token_key.c.public, token_key.c.sealed_private)
        .where(token_key.c.tenant_id == tenant_id)
        .order_by(token_key.c.created_at.desc(), token_key.c.kid)
    )


def _as_key_pair(row: asyncpg.Record) -> KeyPair:
    return KeyPair(row["kid"], row["public"], row["sealed_private"])
