"""The changes of type that a tenant's fields went through, and one found again for a mutation that was sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.metadata import field_definition, object_definition
from schema.tables.type_changes import type_change
from services import metadata, permissions
from services.type_changes.changing import TypeChanged
from tenants.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from asyncpg import Record

    from tenants.context import ReadWork


@dataclass(frozen=True, slots=True)
class TypeChangeTold:
    """One change of one field."""

    done: TypeChanged
    state: str
    from_type: str
    to_type: str
    created_at: datetime
    # Until then it can be taken back; nothing where it no longer can.
    kept_until: datetime | None


async def type_changes(work: ReadWork, object_name: str, field_name: str | None = None) -> Sequence[TypeChangeTold]:
    """The changes of an object's fields, the last one first; for those who may define."""
    if not (await permissions.policy(work)).may_define:
        raise Forbidden
    before = await metadata.opened(work)
    asked = _CHANGES.where(object_definition.c.name == before.object(object_name).name)
    if field_name is not None:
        _ = before.field(object_name, field_name)
        asked = asked.where(field_definition.c.name == field_name)
    rows = await work.session.rows(asked.order_by(type_change.c.created_at.desc(), type_change.c.id.desc()))
    return [_told(row) for row in rows]


async def find(work: ReadWork, change_id: UUID) -> TypeChanged:
    """A change as it is now."""
    row = await work.session.row(_CHANGES.where(type_change.c.id == change_id))
    if row is None:
        raise NotFound
    return _told(row).done


def _told(row: Record) -> TypeChangeTold:
    done = TypeChanged(row["id"], row["object_name"], row["field_name"], row["field_id"], row["job_id"], row["cleared"])
    return TypeChangeTold(
        done, row["state"], row["source"]["type"], row["target"]["type"], row["created_at"], row["kept_until"]
    )


_CHANGES = (
    sa
    .select(type_change, object_definition.c.name.label("object_name"), field_definition.c.name.label("field_name"))
    .join(field_definition, field_definition.c.id == type_change.c.field_id)
    .join(object_definition, object_definition.c.id == type_change.c.object_id)
)
