"""Packs in a tenant that is in use: the first installation, every upgrade and the growth of a smaller pack are one merge.

May run twice: a version that is installed already changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.metadata import pack_installation
from services import metadata, permissions
from services.audit import Entry
from services.packs import arranging, listing, rows, settling
from services.packs.aligning import Aligned, align
from services.packs.errors import (
    BadPack,
    PackNotInstalled,
    PackNotNewer,
    PackNotReleased,
    PackValuesNotUnique,
    Place,
    bad,
)
from services.packs.files import FOLDER, load, released
from services.packs.merging import Merged, PackConflict, merge
from services.packs.model import HEAD
from services.packs.numbering import numbered
from services.packs.proposals import definitions_of, remember, settled_proposals
from services.packs.reading import Findings
from services.packs.rights import give_rights
from services.packs.rows import DEFINED
from services.packs.writing import digest
from tenants.errors import Conflict, Forbidden, Invalid, Refused, Violation

if TYPE_CHECKING:
    from pathlib import Path

    from services.packs.model import Pack
    from services.packs.rows import Part, Row
    from tenants.context import DefinitionWork, ReadWork
    from tenants.errors import Fault


@dataclass(frozen=True, slots=True)
class Installed:
    """A pack of a tenant, and the properties where the tenant's value stood against a newer one of the pack."""

    name: str
    version: int
    conflicts: tuple[PackConflict, ...]
    # Whether this call brought it.
    is_new: bool = field(default=True, compare=False)


async def installed(work: ReadWork) -> tuple[Installed, ...]:
    """The packs of this tenant, by name, for those who may define."""
    if not (await permissions.policy(work)).may_define:
        raise Forbidden
    found = await work.session.rows(sa.select(pack_installation).order_by(pack_installation.c.name))
    return tuple(
        Installed(row["name"], row["version"], tuple(PackConflict(**each) for each in row["conflicts"]))
        for row in found
    )


async def named(work: ReadWork, name: str) -> Installed:
    """One pack of this tenant."""
    for each in await installed(work):
        if each.name == name:
            return each
    raise PackNotInstalled(name=name)


async def upgrade(work: DefinitionWork, name: str, *, folder: Path = FOLDER) -> Installed:
    """Bring a pack of this tenant to the version that came with this release, or let a smaller one grow to it."""
    there = {each.name for each in await installed(work)}
    if name not in released(folder):
        # It came out of another tenant.
        raise PackNotReleased(name=name) if name in there else PackNotInstalled(name=name)
    pack = load(name, folder)
    if there.isdisjoint(pack.makers):
        raise PackNotInstalled(name=name)
    try:
        return await install(work, pack)
    except BadPack as bad_pack:
        # Who asks over the API has no files to look at: what stands in the way is told of the pack.
        raise _refused(bad_pack) from None


async def install(work: DefinitionWork, pack: Pack) -> Installed:
    """Merge a pack into a tenant; what the tenant changed stays, nothing is taken away, and nothing is half made."""
    before = await metadata.opened(work)
    there = await installed(work)
    present = next((each for each in there if each.name == pack.name), None)
    if present is not None and present.version >= pack.version:
        await _refuse_another(work, pack, present)
        return replace(present, is_new=False)
    found = Findings()
    present_rows = {part.name: await rows.of_tenant(work, part.table) for part in DEFINED}
    aligned = align(pack, DEFINED, present_rows, rows.of_objects(pack), found)
    found.settle()
    numbered(pack, present_rows, aligned, found)
    found.settle()
    merged = {part.name: _merged(part, present_rows[part.name], aligned, pack) for part in DEFINED}
    lists = await listing.put_dictionaries(work, pack)
    raw = replace(before, objects=definitions_of(merged))
    listed = await listing.with_entries(work, pack, raw)
    policy = await permissions.policy(work)
    after = settling.settled(pack, policy, before, listed)
    conflicts = [*(conflict for each in merged.values() for conflict in each.conflicts), *lists]
    details = {"pack": pack.name, "version": pack.version}
    try:
        await metadata.change(work, before, after, [Entry("pack.installed", details=details)])
    except asyncpg.UniqueViolationError:
        raise bad(Place(HEAD), PackValuesNotUnique()) from None
    await remember(work, settled_proposals(aligned, merged, after))
    conflicts += await give_rights(work, pack)
    conflicts += await arranging.arrange(metadata.afterwards(work), pack)
    await work.session.execute(_installation(pack, conflicts, work))
    await work.session.execute(sa.delete(pack_installation).where(pack_installation.c.name.in_(pack.grows_from)))
    return Installed(pack.name, pack.version, tuple(conflicts))


async def _refuse_another(work: DefinitionWork, pack: Pack, present: Installed) -> None:
    if pack.name in released():
        # Nothing else has a name of these, and a later release may spell the same otherwise.
        return
    query = sa.select(pack_installation.c.content).where(pack_installation.c.name == pack.name)
    if await work.session.scalar(query) != digest(pack):
        raise bad(Place(HEAD, "version"), PackNotNewer(name=pack.name, present=present.version))


def _refused(bad_pack: BadPack) -> Fault:
    faults = [each.fault for each in bad_pack.findings]
    other = next((each for each in faults if not isinstance(each, Conflict | Invalid)), None)
    return Refused(tuple(Violation(("name",), each) for each in faults)) if other is None else other


def _merged(part: Part, present: Sequence[Row], aligned: Aligned, pack: Pack) -> Merged:
    done = merge(present, aligned.rows[part.name], part.properties, lambda row: aligned.names[str(row["id"])])
    made = tuple({**row, "pack": pack.name} if str(row["id"]) in aligned.mine else row for row in done.rows)
    return replace(done, rows=made)


def _installation(pack: Pack, conflicts: Sequence[PackConflict], work: DefinitionWork) -> pg.Insert:
    values = {
        "version": pack.version,
        "content": digest(pack),
        "installed_at": work.now,
        "conflicts": [asdict(conflict) for conflict in conflicts],
    }
    insert = pg.insert(pack_installation).values(name=pack.name, **values)
    return insert.on_conflict_do_update(index_elements=["name"], set_=values)
