"""`./kezhi tenants create|list|show|disable|enable|password`: the operator's view of the catalog."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from cli import deeds, environment, tables
from cli.opening import opened, opened_tenant
from cli.packs import named
from cli.processes import StartFailed
from schema.metadata.contacts import PHONE_REGION, is_region
from schema.metadata.errors import UnknownChoice
from schema.tables.permissions import role, role_member, user
from services import identity, packs
from tenants import claims, provisioning
from tenants.catalog_tables import TenantState, placement_of, tenant
from tenants.claims import NewTenant
from tenants.context import SYSTEM
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    import argparse
    from pathlib import Path
    from uuid import UUID

    from tenants.context import DefinitionWork, ReadWork
    from tenants.errors import Language
    from tenants.settings import Settings

_PASSWORD_BYTES = 9
_MOST_SHOWN = 60


class _Options(Protocol):
    verb: str
    data: Path
    slug: str
    name: str
    pack: str
    admin: str
    zone: str
    language: Language
    region: str
    phone_region: str


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tenants`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    create = verbs.add_parser(
        "create", help="make a tenant", description="Make a tenant with a pack and its first admin."
    )
    create.add_argument("slug", metavar="TENANT", help="its name in addresses: TENANT.example.com")
    create.add_argument("--name", default="", help="its name for people (default: TENANT)")
    create.add_argument("--admin", required=True, metavar="EMAIL", help="its first administrator")
    create.add_argument("--pack", default="crm", help="what it starts with (default: crm)")
    create.add_argument("--zone", default="Asia/Shanghai", help="its time zone (default: Asia/Shanghai)")
    create.add_argument("--language", default="zh", help="its language, zh or en (default: zh)")
    create.add_argument(
        "--phone-region", default=PHONE_REGION, help="whose telephone numbers name no country: CN, DE … (default: CN)"
    )
    create.add_argument("--region", default="", help="where its data must be (default: anywhere)")
    listing = verbs.add_parser("list", help="all tenants", description="List all tenants.")
    show = verbs.add_parser("show", help="one tenant", description="Show one tenant.")
    disable = verbs.add_parser(
        "disable",
        help="answer a tenant no more",
        description="Answer a tenant no more, as if it were not there; its data stays, and what it began is ended.",
    )
    enable = verbs.add_parser(
        "enable", help="answer a disabled tenant again", description="Answer a disabled tenant again."
    )
    password = verbs.add_parser(
        "password",
        help="a new password for an administrator",
        description="Give an administrator of a tenant a new password, and close the sessions of the old one.",
    )
    password.add_argument("--admin", required=True, metavar="EMAIL", help="the administrator")
    for verb in (show, disable, enable, password):
        verb.add_argument("slug", metavar="TENANT")
    for verb in (create, listing, show, disable, enable, password):
        environment.add_option(verb)


def run(options: _Options) -> int:
    """One verb."""
    verbs = {
        "create": _create,
        "list": _list,
        "show": _show,
        "disable": _disable,
        "enable": _enable,
        "password": _password,
    }
    with environment.reached(options.data) as settings:
        asyncio.run(verbs[options.verb](settings, options))
    return 0


def _unfit_region(code: str) -> tuple[Violation, ...]:
    return () if is_region(code) else (Violation(("phoneRegion",), UnknownChoice(key=code[:_MOST_SHOWN])),)


async def _create(settings: Settings, options: _Options) -> None:
    pack = named(options.pack)
    new = NewTenant(
        slug=options.slug,
        name=options.name or options.slug,
        region=options.region,
        zone=options.zone,
        language=options.language,
        phone_region=options.phone_region.upper(),
    )
    given = {"email": options.admin, "name": options.admin.partition("@")[0], "language": options.language}
    # Before anything is made.
    if wrong := (*claims.unfit(new), *_unfit_region(new.phone_region), *identity.unfit(given)):
        raise Refused(wrong)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)

    async def take_on(work: DefinitionWork) -> bool:
        if await work.session.scalar(sa.select(sa.func.count()).select_from(user)):
            return False
        admin = await work.session.scalar(sa.select(role.c.id).where(role.c.is_admin).order_by(role.c.name).limit(1))
        asked = {"email": given["email"], "name": given["name"]}
        await identity.create_user(work, asked, password=password, role_ids=[admin])
        # Checked against the tenant, which a script cannot ask.
        await packs.arrange(work, pack)
        return True

    placement = await provisioning.provision(settings, new, lambda place: packs.render(pack, place.schema))
    async with opened(settings) as installation:
        was_new = await installation.transactions.define(placement, SYSTEM, deeds.origin(), take_on)
    if was_new:
        print(f"Tenant {placement.slug} is there. {options.admin} signs in with the password {password}")
    else:
        print(f"Tenant {placement.slug} was there already; nothing was changed.")


async def _list(settings: Settings, _: _Options) -> None:
    query = sa.select(tenant.c.slug, tenant.c.name, tenant.c.state, tenant.c.cell, tenant.c.created_at)
    async with opened(settings) as installation:
        rows = await installation.catalog.rows(query.order_by(tenant.c.slug))
    print(
        tables.aligned(
            ("tenant", "name", "state", "cell", "since"),
            [(*tuple(row)[:4], f"{row['created_at']:%Y-%m-%d}") for row in rows],
        )
    )


async def _disable(settings: Settings, options: _Options) -> None:
    await _switch(settings, options, to=TenantState.DISABLED, from_=TenantState.ACTIVE)
    print(f"Tenant {options.slug} is disabled: within seconds it is answered as if it were not there.")


async def _enable(settings: Settings, options: _Options) -> None:
    await _switch(settings, options, to=TenantState.ACTIVE, from_=TenantState.DISABLED)
    print(f"Tenant {options.slug} is enabled: it is answered again.")


async def _switch(settings: Settings, options: _Options, *, to: TenantState, from_: TenantState) -> None:
    refused = StartFailed(f"There is no {from_.value} tenant {options.slug}.")
    async with opened(settings) as installation:
        chosen = sa.and_(tenant.c.slug == options.slug, tenant.c.state == from_.value)
        row = await installation.catalog.row(sa.select(tenant).where(chosen))
        if row is None:
            raise refused
        action = "tenant.disabled" if to is TenantState.DISABLED else "tenant.enabled"
        await deeds.tell(installation, placement_of(row), action)
        if not await installation.catalog.switch(options.slug, to=to, from_=from_):
            raise refused


async def _password(settings: Settings, options: _Options) -> None:
    password = secrets.token_urlsafe(_PASSWORD_BYTES)

    async def give(work: DefinitionWork) -> None:
        user_id = await work.session.scalar(_administrator(options.admin))
        if user_id is None:
            raise StartFailed(f"There is no active administrator {options.admin} in {options.slug}.")
        await identity.set_password(work, user_id, password)

    async with opened_tenant(settings, options.slug) as (installation, placement):
        await installation.transactions.define(placement, SYSTEM, deeds.origin(), give)
    print(f"{options.admin} signs in to {options.slug} with the password {password}")


def _administrator(email: str) -> sa.Select[UUID]:
    return (
        sa
        .select(user.c.id)
        .join(role_member, role_member.c.user_id == user.c.id)
        .join(role, role.c.id == role_member.c.role_id)
        .where(user.c.email == email.strip().lower(), user.c.state == "active", role.c.is_admin)
        .limit(1)
    )


async def _show(settings: Settings, options: _Options) -> None:
    async def look(work: ReadWork) -> tuple[int, int, int]:
        users = await work.session.scalar(sa.select(sa.func.count()).select_from(user))
        return users, work.versions.metadata, work.versions.access

    async with opened(settings) as installation:
        row = await installation.catalog.row(sa.select(tenant).where(tenant.c.slug == options.slug))
        if row is None or row["state"] == TenantState.CLAIMING.value:
            raise StartFailed(f"There is no tenant {options.slug}.")
        placement = placement_of(row)
        users, metadata, access = await installation.transactions.read(placement, SYSTEM, deeds.origin(), look)
    print(
        tables.pairs({
            "tenant": row["slug"],
            "name": row["name"],
            "id": row["id"],
            "state": row["state"],
            "region": row["region"],
            "cell": row["cell"],
            "schema": row["schema"],
            "schema version": row["schema_version"],
            "users": users,
            "definitions": f"version {metadata}",
            "access": f"version {access}",
            "since": row["created_at"].isoformat(timespec="seconds"),
        })
    )
