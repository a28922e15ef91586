"""Who may read a file: whoever may read the field that holds it, in a record that he sees, at the moment of the download.

Asked by the one read path, like any other value. Whatever stands in the way, the answer is that there is no such file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.files import FileState, file
from services import metadata, query
from services.files.errors import FileAddressUnknown
from services.query import Parameter, PartsLeaf, Plan, RecordRoot, Selection
from tenants.errors import Forbidden, Invalid

if TYPE_CHECKING:
    import asyncpg

    from schema.metadata.registry import Registry
    from tenants.context import ReadWork

_ROOT, _FIELD = "record", "files"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is there, and how it is asked whether the caller may have it."""

    id: UUID
    name: str
    media_type: str
    size: int
    key: str
    thumbnail_key: str | None
    record_id: UUID
    plan: Plan


async def find(work: ReadWork, file_id: UUID) -> Found:
    """A file that is in a record; nothing is said yet of whether the caller may read it."""
    row = await work.session.row(
        sa.select(file).where(
            file.c.id == file_id, file.c.state == FileState.READY.value, file.c.record_id.is_not(None)
        )
    )
    registry = await metadata.registry(work)
    plan = None if row is None else _plan(registry, row)
    if row is None or plan is None:
        raise FileAddressUnknown
    return Found(
        row["id"], row["name"], row["media_type"], row["size"], row["key"], row["thumbnail_key"], row["record_id"], plan
    )


async def require_readable(work: ReadWork, found: Found) -> Found:
    """The same file, if the caller reads it in its field now; where that is to be noted, it is."""
    try:
        answer = json.loads(await query.read(work, found.plan, (found.record_id,)))
    except (Forbidden, Invalid):
        raise FileAddressUnknown from None
    held = (answer[_ROOT] or {}).get(_FIELD) or ()
    if str(found.id) not in {each["id"] for each in held}:
        raise FileAddressUnknown
    return found


def _plan(registry: Registry, row: asyncpg.Record) -> Plan | None:
    """The field of the record, read like any other."""
    name = registry.by_number.get(row["object_number"])
    if name is None:
        return None
    numbers = {each.number: field_name for field_name, each in registry.names[name].fields.items()}
    field_name = numbers.get(row["field_number"])
    if field_name is None or registry.shape.field(name, field_name) is None:
        return None
    items = (PartsLeaf(_FIELD, field_name, (("id", "id"),)),)
    return Plan((RecordRoot(_ROOT, Selection(name, items), Parameter(0)),))
