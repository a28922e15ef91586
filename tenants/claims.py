"""Claims: a tenant's row in the catalog while it is being made, with its place, its login and its first token key."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants import statements
from tenants.catalog_tables import TenantState, cell, login, placement_of, placements, tenant, token_key
from tenants.clock import UnknownZone, require_zone
from tenants.context import TenantId
from tenants.errors import Conflict, Invalid, Unavailable, Violation
from tenants.ids import IdMaker
from tenants.keys import new_key_pair
from tenants.logins import add_login, grant_connect, login_role
from tenants.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    import asyncpg

    from tenants.connection import Connection
    from tenants.errors import Language
    from tenants.keys import MasterKey

# A backend keeps what it learnt of every tenant that it saw, so one login serves only so many.
TENANTS_FOR_A_LOGIN = 64

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]\Z")
_MOST_SHOWN = 60
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_RUNTIME = "runtime_"
_ids = IdMaker()


class InvalidSlug(Invalid):
    """A tenant's name in addresses has 2 to 40 lower-case letters, digits or hyphens and begins with a letter."""

    code = "INVALID_SLUG"
    zh = "租户地址名须为 2 到 40 个小写字母、数字或连字符,并以字母开头。"


class SlugTaken(Conflict):
    """Another tenant has this name in its address."""

    code = "SLUG_TAKEN"
    zh = "该租户地址名已被使用。"


class KeyReused(Conflict):
    """This sign-up key was used for another tenant."""

    code = "SIGN_UP_KEY_REUSED"
    zh = "该开通标识已用于其他租户。"


class UnknownRegion(Invalid):
    """No cell is in the region “{region}”; those of this installation are in {known}."""

    code = "UNKNOWN_REGION"
    zh = "没有位于“{region}”的单元;本系统的区域有 {known}。"
    place = ("region",)


class NoRoom(Unavailable):
    """No cell has room for another tenant."""

    code = "NO_ROOM"
    zh = "当前没有可用的租户空间。"


@dataclass(frozen=True, slots=True)
class NewTenant:
    """What a sign-up says. An empty key means: one tenant for each slug; an empty region: anywhere."""

    slug: str
    name: str
    key: str = ""
    region: str = ""
    zone: str = "Asia/Shanghai"
    language: Language = "zh"
    phone_region: str = "CN"
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class Claim:
    """A tenant's row, new or found again by its key."""

    placement: Placement
    is_built: bool


async def claim(catalog: Connection, master: MasterKey, new: NewTenant) -> Claim:
    """Take a place for a tenant, in the caller's transaction; the same key finds the same row."""
    for violation in unfit(new):
        raise violation.fault
    known = await _by_key(catalog, new)
    if known is not None:
        return known
    place = await _lock_cell(catalog, new.region)
    # The lock made us wait for a twin: it may have come first.
    known = await _by_key(catalog, new)
    if known is not None:
        return known
    if await _rows(catalog, sa.select(tenant.c.id).where(tenant.c.slug == new.slug)):
        raise SlugTaken
    placement = Placement(
        tenant_id=TenantId(_ids.new(0)),
        slug=new.slug,
        region=place["region"],
        cell=place["name"],
        schema="t_" + "".join(secrets.choice(_BASE32) for _ in range(12)),
        login=await _login(catalog, master, place["name"]),
    )
    await _insert(catalog, master, placement, new)
    return Claim(placement, is_built=False)


def unfit(new: NewTenant) -> Sequence[Violation]:
    """What is wrong with a sign-up, before anything is looked up or made."""
    found = [] if _SLUG.match(new.slug) else [Violation(("slug",), InvalidSlug())]
    try:
        require_zone(new.zone)
    except UnknownZone as fault:
        found.append(Violation(("zone",), fault))
    return found


async def activate(catalog: Connection, placement: Placement, version: str) -> bool:
    """The tenant stands: answer it from now on. False, if the claim was freed, or the tenant disabled since."""
    marked = (
        sa
        .update(tenant)
        .where(tenant.c.id == placement.tenant_id, tenant.c.state != TenantState.DISABLED.value)
        .values(state=TenantState.ACTIVE.value, schema_version=version, active_at=sa.func.now())
    )
    return await catalog.run(statements.bind(marked)) == 1


async def is_freed(catalog: Connection, placement: Placement) -> bool:
    """Whether the claim is gone, so that nobody owns what was built for it."""
    return not await _rows(catalog, sa.select(tenant.c.id).where(tenant.c.id == placement.tenant_id))


async def free(catalog: Connection, placement: Placement) -> bool:
    """Give up a claim that nothing was built for."""
    freed = sa.delete(tenant).where(tenant.c.id == placement.tenant_id, tenant.c.state == TenantState.CLAIMING.value)
    return await catalog.run(statements.bind(freed)) == 1


async def each_stale(catalog: Connection, older_than: timedelta) -> Sequence[Placement]:
    """Claims that stopped halfway, older than any build may take."""
    query = placements().where(
        tenant.c.state == TenantState.CLAIMING.value, tenant.c.created_at < sa.func.now() - older_than
    )
    return [placement_of(row) for row in await _rows(catalog, query.order_by(tenant.c.created_at))]


async def _by_key(catalog: Connection, new: NewTenant) -> Claim | None:
    rows = await _rows(catalog, placements().where(tenant.c.idempotency_key == (new.key or new.slug)))
    if not rows:
        return None
    found = _as_claim(rows[0])
    if found.placement.slug != new.slug:
        raise KeyReused
    return found


async def _lock_cell(catalog: Connection, region: str) -> asyncpg.Record:
    # Held to the end of the claim: two claims must not count the same tenants.
    query = sa.select(cell.c.name, cell.c.region, cell.c.capacity).order_by(cell.c.name).with_for_update()
    if region:
        query = query.where(cell.c.region == region)
    counted = sa.select(tenant.c.cell, sa.func.count().label("tenants")).group_by(tenant.c.cell)
    rows = await _rows(catalog, query)
    if region and not rows:
        known = await _rows(catalog, sa.select(cell.c.region).distinct().order_by(cell.c.region))
        raise UnknownRegion(region=region[:_MOST_SHOWN], known=", ".join(row["region"] for row in known))
    filled = {row["cell"]: row["tenants"] for row in await _rows(catalog, counted)}
    for row in rows:
        if filled.get(row["name"], 0) < row["capacity"]:
            return row
    raise NoRoom


async def _login(catalog: Connection, master: MasterKey, cell_name: str) -> str:
    query = (
        sa
        .select(login.c.name, sa.func.count(tenant.c.id).label("tenants"))
        .outerjoin_from(login, tenant, sa.and_(tenant.c.cell == login.c.cell, tenant.c.login == login.c.name))
        .where(login.c.cell == cell_name, login.c.name.startswith(_RUNTIME, autoescape=True))
        .group_by(login.c.name)
        .order_by(login.c.name)
    )
    rows = await _rows(catalog, query)
    for row in rows:
        if row["tenants"] < TENANTS_FOR_A_LOGIN:
            return str(row["name"])
    name = f"{_RUNTIME}{len(rows) + 1:02}"
    await add_login(catalog, master, cell_name, name)
    await grant_connect(catalog, cell_name, login_role(cell_name, name))
    return name


async def _insert(catalog: Connection, master: MasterKey, placement: Placement, new: NewTenant) -> None:
    row = {
        "id": placement.tenant_id,
        "slug": new.slug,
        "name": new.name,
        "region": placement.region,
        "cell": placement.cell,
        "schema": placement.schema,
        "login": placement.login,
        "state": TenantState.CLAIMING.value,
        "idempotency_key": new.key or new.slug,
    }
    await catalog.run(statements.bind(sa.insert(tenant).values(row)))
    pair = new_key_pair(master, "token")
    key = {
        "tenant_id": placement.tenant_id,
        "kid": pair.kid,
        "public": pair.public,
        "sealed_private": pair.sealed_private,
    }
    await catalog.run(statements.bind(sa.insert(token_key).values(key)))


async def _rows(catalog: Connection, query: sa.Executable) -> list[asyncpg.Record]:
    return await catalog.rows(statements.bind(query))


def _as_claim(row: asyncpg.Record) -> Claim:
    return Claim(placement_of(row), is_built=row["state"] != TenantState.CLAIMING.value)
