"""What a pack proposed last is kept beside what the tenant has: the base of the next merge, in the spelling that is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from schema.metadata import insertion
from schema.metadata import rows as stored
from services.packs.rows import DEFINED, Row
from services.packs.rows import of_definitions as rows_of

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition
    from services.metadata import Snapshot
    from services.packs.aligning import Aligned
    from services.packs.merging import Merged
    from tenants.context import DefinitionWork


def definitions_of(merged: Mapping[str, Merged]) -> tuple[ObjectDefinition, ...]:
    """The definitions that merged rows make."""
    objects, fields, choices, indexes, rules = (merged[part.name].rows for part in DEFINED)
    return stored.definitions(objects, fields, choices, indexes, rules)


def settled_proposals(aligned: Aligned, merged: Mapping[str, Merged], after: Snapshot) -> Mapping[str, list[Row]]:
    """What the pack proposes, an expression as it is printed: so the next merge knows whether the tenant changed it."""
    final = rows_of(after.objects)
    found: dict[str, list[Row]] = {}
    for part in DEFINED:
        raw = {str(row["id"]): row for row in merged[part.name].rows}
        settled = {str(row["id"]): row for row in final[part.name]}
        found[part.name] = [
            _settled(part.properties, row, raw[str(row["id"])], settled[str(row["id"])])
            for row in aligned.rows[part.name]
            if str(row["id"]) in aligned.mine
        ]
    return found


def _settled(names: tuple[str, ...], offered: Row, merged: Mapping[str, object], final: Row) -> Row:
    proposed, taken, now = (stored.properties(each, names) for each in (offered, merged, final))
    values = {name: now.get(name) if taken.get(name) == value else value for name, value in proposed.items()}
    return {"id": offered["id"], "pack_values": values}


async def remember(work: DefinitionWork, proposals: Mapping[str, Sequence[Row]]) -> None:
    """Keep what was proposed."""
    for name, found in proposals.items():
        if found:
            await work.session.run(insertion.bound_change(work.session.schema, name, found))
