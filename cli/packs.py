"""`./kezhi packs list|install`: which solution packs this version brings, and a tenant brought to the newest of one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cli import deeds, environment, tables
from cli.opening import opened
from cli.processes import StartFailed
from services import packs
from tenants.context import SYSTEM

if TYPE_CHECKING:
    import argparse

    from services.packs import Installed, Pack
    from tenants.settings import Settings

FOLDER = Path(__file__).resolve().parent.parent / "packs"


class _Options(Protocol):
    verb: str
    name: str
    slug: str
    data: Path


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `packs`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    verbs.add_parser("list", help="all packs", description="List the packs of this version.")
    install = verbs.add_parser(
        "install",
        help="install a pack in a tenant, or upgrade it",
        description="Install a pack in a tenant, or upgrade it. What the tenant changed stays; conflicts are listed.",
    )
    install.add_argument("name", metavar="PACK")
    install.add_argument("slug", metavar="TENANT")
    environment.add_option(install)


def run(options: _Options) -> int:
    """One verb."""
    if options.verb == "list":
        rows = [(pack.name, pack.version, len(pack.objects), len(pack.roles)) for pack in map(named, names())]
        print(tables.aligned(("pack", "version", "objects", "roles"), rows))
        return 0
    with environment.reached(options.data) as settings:
        installed = asyncio.run(_install(settings, named(options.name), options.slug))
    print(f"{options.slug} has {installed.name} version {installed.version}.")
    for conflict in installed.conflicts:
        print(
            f"  {conflict.where} {conflict.property}: the tenant keeps {conflict.tenant}, the pack has {conflict.pack}"
        )
    return 0


def names() -> list[str]:
    """The packs of this version."""
    return sorted(path.parent.name for path in FOLDER.glob("*/pack.yaml"))


def named(name: str) -> Pack:
    """A pack, or one sentence."""
    if name not in names():
        raise StartFailed(f"There is no pack {name}; `./kezhi packs list` names them.")
    return packs.load(name)


async def _install(settings: Settings, pack: Pack, slug: str) -> Installed:
    async with opened(settings) as installation:
        placement = await installation.catalog.placement_by_slug(slug)
        if placement is None:
            raise StartFailed(f"There is no active tenant {slug}.")
        return await installation.transactions.define(
            placement, SYSTEM, deeds.origin(), lambda work: packs.install(work, pack)
        )
