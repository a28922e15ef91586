"""`./kezhi packs list|export|install`: solution packs of this version, and objects out of one tenant and into others."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cli import deeds, environment, tables
from cli.opening import opened_tenant
from cli.processes import StartFailed
from schema.metadata.fields import Label
from services import packs
from services.packs import BadPack
from tenants.context import SYSTEM
from tenants.errors import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Mapping
    from typing import TypeVar

    from services.packs import Exported, Pack
    from tenants.context import DefinitionWork
    from tenants.settings import Settings

    T = TypeVar("T")

_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_-]+")


class _Options(Protocol):
    verb: str
    pack: str
    slug: str
    objects: list[str]
    to: Path
    name: str
    data: Path


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `packs`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    listed = verbs.add_parser(
        "list", help="all packs", description="List the packs of this version, or those that a tenant has."
    )
    listed.add_argument("slug", metavar="TENANT", nargs="?", default="")
    environment.add_option(listed)
    install = verbs.add_parser(
        "install",
        help="install a pack in a tenant, or upgrade it",
        description="Install a pack of this version, or of a folder, in a tenant, or upgrade it. What the tenant changed stays; "
        "conflicts are listed.",
    )
    install.add_argument("pack", metavar="PACK|FOLDER")
    install.add_argument("slug", metavar="TENANT")
    environment.add_option(install)
    export = verbs.add_parser(
        "export",
        help="write objects of a tenant to a folder, as a pack for others",
        description="Write objects of a tenant, with their lines, rules, layouts, shared views and dictionaries, to a folder that "
        "`install` takes. Without names, all that the tenant made itself. A folder that holds a pack already gets its next version.",
    )
    export.add_argument("slug", metavar="TENANT")
    export.add_argument("objects", metavar="OBJECT", nargs="*")
    export.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    export.add_argument("--name", default="", help="of the pack (default: that of the folder)")
    environment.add_option(export)


def run(options: _Options) -> int:
    """One verb."""
    if options.verb == "list" and not options.slug:
        rows = [(pack.name, pack.version, len(pack.objects), len(pack.roles)) for pack in map(named, names())]
        print(tables.aligned(("pack", "version", "objects", "roles"), rows))
        return 0
    try:
        with environment.reached(options.data) as settings:
            _VERBS[options.verb](settings, options)
    except BadPack as bad:
        raise _refused(bad, "exported" if options.verb == "export" else "installed") from None
    return 0


def names() -> list[str]:
    """The packs of this version."""
    return packs.released()


def named(name: str) -> Pack:
    """A pack of this version or of a folder, or one sentence."""
    if name in names():
        return packs.load(name)
    if packs.is_pack(Path(name)):
        try:
            return packs.load_folder(Path(name))
        except BadPack as bad:
            raise _refused(bad) from None
    raise StartFailed(f"There is no pack {name}; `./kezhi packs list` names them.")


def _refused(bad: BadPack, deed: str = "installed") -> StartFailed:
    # One line for each thing that is wrong, each with its file and line.
    return StartFailed(f"The pack cannot be {deed}; nothing was changed.\n{bad}")


def _list(settings: Settings, options: _Options) -> None:
    found = asyncio.run(_defined(settings, options.slug, packs.installed))
    rows = [(each.name, each.version, len(each.conflicts)) for each in found]
    print(tables.aligned(("pack", "version", "conflicts"), rows))


def _install(settings: Settings, options: _Options) -> None:
    pack = named(options.pack)
    installed = asyncio.run(_defined(settings, options.slug, lambda work: packs.install(work, pack)))
    already = "" if installed.is_new else " already; nothing was changed"
    print(f"{options.slug} has {installed.name} version {installed.version}{already}.")
    for conflict in installed.conflicts:
        kept, offered = printable(str(conflict.tenant)), printable(str(conflict.pack))
        print(f"  {conflict.where} {conflict.property}: the tenant keeps {kept}, the pack has {offered}")


def _export(settings: Settings, options: _Options) -> None:
    present = packs.load_folder(options.to) if packs.is_pack(options.to) else None
    plain = _NOT_IN_A_NAME.sub("-", options.name or options.to.resolve().name).strip("-")
    name = options.name or (present.name if present else plain[:1].lower() + plain[1:])
    label, version = (present.label, present.version) if present else (Label(name, name), packs.FIRST_VERSION)

    async def export(work: DefinitionWork) -> Exported:
        return await packs.export(work, options.objects, name=name, label=label, version=version)

    exported = asyncio.run(_defined(settings, options.slug, export))
    files = packs.files_of(exported.pack)
    if present is not None and _differ(options.to, files):
        files = packs.files_of(packs.next_version(exported.pack))
        version += 1
    _write(options.to, files)
    print(f"{options.to} holds {name} version {version}: {len(exported.pack.objects)} objects.")
    if exported.leans_on:
        print(f"  It leans on {', '.join(exported.leans_on)}, which a tenant must have.")


_VERBS = {"list": _list, "install": _install, "export": _export}


def _differ(folder: Path, files: Mapping[str, str]) -> bool:
    return any(
        not (folder / file).is_file() or (folder / file).read_text("utf-8") != text for file, text in files.items()
    )


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")


async def _defined(settings: Settings, slug: str, verb: Callable[[DefinitionWork], Awaitable[T]]) -> T:
    async with opened_tenant(settings, slug) as (installation, placement):
        return await installation.transactions.define(placement, SYSTEM, deeds.origin(), verb)
