"""Values that an older key sealed are sealed with the newest, some at a time; nobody's deed, and no new version.

The rows are locked, so that nothing is written over that somebody else wrote meanwhile. Retired fields and records in
the bin are sealed anew like all others, so that an older key is of no use afterwards.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schema.metadata.objects import ObjectKind
from schema.metadata.secrets import place_of
from schema.metadata.types import Output
from services import metadata
from tenants.sql import SCHEMA, Slot, Template, ident, render, sql, value

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from tenants.context import Work
    from tenants.secret_keys import KeyRing

AT_ONCE = 500


async def seal_some(work: Work, ring: KeyRing) -> int:
    """Seal some values anew, and answer how many; nothing is left of older keys when it answers none."""
    registry = await metadata.registry(work)
    done = 0
    for thing in registry.shape.objects.values():
        if thing.kind is ObjectKind.SYSTEM:
            continue
        for field in thing.fields:
            if field.type.output is Output.SEALED:
                done += await _seal(work, registry, ring, thing.name, field.name)
    return done


async def _seal(work: Work, registry: Registry, ring: KeyRing, object_name: str, field_name: str) -> int:
    outgrown = {"newest": f"{ring.newest}.", "most": AT_ONCE}
    found = await work.session.fetch(
        _outgrown(object_name, field_name).bound(work.session.schema, outgrown, registry.physical)
    )
    places = [place_of(field_name, row["id"]) for row in found]
    rows = [
        {"id": str(row["id"]), "sealed": ring.seal(ring.open(row["sealed"], place), place)}
        for row, place in zip(found, places, strict=True)
    ]
    if rows:
        given = {"rows": json.dumps(rows)}
        await work.session.run(_sealed(object_name, field_name).bound(work.session.schema, given, registry.physical))
    return len(rows)


def _outgrown(object_name: str, field_name: str) -> Template:
    return render(
        sql(
            "SELECT record.id, record.{column} AS sealed FROM {table} AS record"
            " WHERE record.{column} IS NOT NULL AND NOT starts_with(record.{column}, {newest})"
            " ORDER BY record.id LIMIT {most} FOR NO KEY UPDATE",
            column=ident(Slot(object_name, field_name)),
            table=sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name))),
            newest=value("newest", "text"),
            most=value("most", "integer"),
        )
    )


def _sealed(object_name: str, field_name: str) -> Template:
    return render(
        sql(
            "UPDATE {table} AS record SET {column} = entry.sealed"
            " FROM json_to_recordset({rows}) AS entry (id uuid, sealed text) WHERE record.id = entry.id",
            column=ident(Slot(object_name, field_name)),
            table=sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name))),
            rows=value("rows", "json"),
        )
    )
