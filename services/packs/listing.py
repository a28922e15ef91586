"""Dictionaries of a pack in a tenant: merged like definitions, and offered by the fields that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata import insertion
from schema.metadata.rows import properties
from services import metadata
from services.packs import rows
from services.packs.aligning import align
from services.packs.merging import merge
from services.packs.proposals import remember
from services.packs.reading import Findings
from services.packs.rows import LISTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.metadata import Snapshot
    from services.packs.merging import PackConflict
    from services.packs.merging import Row as MergedRow
    from services.packs.model import Pack
    from services.packs.rows import Part, Row
    from tenants.context import DefinitionWork


async def put_dictionaries(work: DefinitionWork, pack: Pack) -> list[PackConflict]:
    """Bring the tenant's dictionaries to what the pack has; where the tenant's own words stood."""
    if not pack.dictionaries:
        return []
    found = Findings()
    present = {part.name: await rows.of_tenant(work, part.table) for part in LISTED}
    aligned = align(pack, LISTED, present, rows.of_dictionaries(pack), found)
    found.settle()
    conflicts: list[PackConflict] = []
    for part in LISTED:
        offered = aligned.rows[part.name]
        done = merge(present[part.name], offered, part.properties, lambda row: aligned.names[str(row["id"])])
        conflicts += done.conflicts
        await _save(work, part, present[part.name], done.rows)
        mine = [row for row in offered if str(row["id"]) in aligned.mine]
        await remember(work, {part.name: [{"id": row["id"], "pack_values": row["pack_values"]} for row in mine]})
    return conflicts


async def with_entries(work: DefinitionWork, pack: Pack, after: Snapshot) -> Snapshot:
    """The snapshot in which every field of these dictionaries, and every field of the pack, offers their entries."""
    found = Findings()
    entries = {each.name: await metadata.entries_of(work, each.name) for each in pack.dictionaries}
    for thing in pack.objects:
        for field in thing.fields:
            name = metadata.dictionary_of(field.field)
            if name and name not in entries:
                with found.at(pack.place(thing.name, field.name).below("dictionary")):
                    entries[name] = await metadata.entries_of(work, name)
    found.settle()
    for name, offered in entries.items():
        after = metadata.followed(after, name, offered, work.ids.new)
    return after


async def _save(work: DefinitionWork, part: Part, present: Sequence[Row], merged: Sequence[MergedRow]) -> None:
    """One statement for what is new and one for what is no longer the same, however many entries there are."""
    old = {str(row["id"]): row for row in present}
    added = [dict(row) for row in merged if str(row["id"]) not in old]
    moved = [
        {**_kept(part, row), "version": int(str(before["version"])) + 1, "updated_at": work.now}
        for row in merged
        if (before := old.get(str(row["id"]))) is not None
        and properties(row, part.properties) != properties(before, part.properties)
    ]
    if added:
        await work.session.run(insertion.bound(work.session.schema, part.name, added))
    if moved:
        await work.session.run(insertion.bound_change(work.session.schema, part.name, moved))


def _kept(part: Part, row: MergedRow) -> Row:
    return {name: row[name] for name in ("id", *part.properties)}
