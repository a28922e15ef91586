"""Dictionaries of a pack in a tenant: merged like definitions, and offered by the fields that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata import insertion
from services import metadata
from services.packs import rows
from services.packs.aligning import align
from services.packs.merging import merge
from services.packs.reading import Findings
from services.packs.rows import LISTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.metadata import Snapshot
    from services.packs.merging import PackConflict
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
        offered = {str(row["id"]): row for row in aligned.rows[part.name]}
        done = merge(
            present[part.name], aligned.rows[part.name], part.properties, lambda row: aligned.names[str(row["id"])]
        )
        conflicts += done.conflicts
        proposals = {key: row["pack_values"] for key, row in offered.items() if key in aligned.mine}
        await _save(work, part, present[part.name], done.rows, proposals)
    return conflicts


async def with_entries(work: DefinitionWork, pack: Pack, after: Snapshot) -> Snapshot:
    """The snapshot in which every field of these dictionaries, and every field of the pack, offers their entries."""
    found = Findings()
    named = {each.name: None for each in pack.dictionaries}
    for thing in pack.objects:
        for field in thing.fields:
            name = metadata.dictionary_of(field.field)
            if name and name not in named:
                with found.at(pack.place(thing.name, field.name).below("dictionary")):
                    await metadata.entries_of(work, name)
                    named[name] = None
    found.settle()
    for name in named:
        after = metadata.followed(after, name, await metadata.entries_of(work, name), work.ids.new)
    return after


async def _save(
    work: DefinitionWork,
    part: Part,
    present: Sequence[Row],
    merged: Sequence[Mapping[str, object]],
    proposals: Mapping[str, object],
) -> None:
    old = {str(row["id"]): row for row in present}
    added = [dict(row) for row in merged if str(row["id"]) not in old]
    if added:
        await work.session.run(insertion.bound(work.session.schema, part.name, added))
    for row in merged:
        before = old.get(str(row["id"]))
        if before is None:
            continue
        values = {name: new for name in part.properties if (new := _stored(name, row[name])) != before[name]}
        if str(row["id"]) in proposals:
            values["pack_values"] = proposals[str(row["id"])]
        if values:
            moved = {**values, "version": part.table.c.version + 1, "updated_at": work.now}
            await work.session.execute(sa.update(part.table).where(part.table.c.id == before["id"]).values(**moved))


def _stored(name: str, value: object) -> object:
    """An id comes out of the merge as text."""
    return UUID(value) if name == "parent_id" and isinstance(value, str) else value
