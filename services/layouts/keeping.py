"""The verbs on layouts: one for each object, role and stage, made, changed and forgotten by those who may define."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.metadata.errors import RelationNotFound
from schema.tables.layouts import layout
from schema.tables.permissions import role
from services import metadata
from services.identity import access, inputs
from services.layouts import sections, writing
from services.layouts.errors import LayoutNotFound, LayoutTaken, NotAStage, TooManyLayouts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from services.layouts.sections import Section
    from tenants.context import ReadWork, Work

MOST_LAYOUTS = 200
_NUMBER = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A layout as it is kept, for those who change it."""

    id: UUID
    version: int
    object_name: str
    role_id: UUID | None
    stage_field: str
    stage: str
    sections: Sequence[Section]


async def create_layout(work: Work, given: Mapping[str, object]) -> UUID:
    """A layout of an object, for a role or everybody, for a stage or all."""
    await access.require_definitions(work)
    object_name = inputs.object_((await metadata.registry(work)).shape, given)
    role_id = await _role_of(work, given)
    stage_field, stage = await _stage_of(work, object_name, given)
    arranged = await sections.read(work, object_name, given["sections"])
    mine = sa.select(sa.func.count()).select_from(layout).where(layout.c.object_name == object_name)
    if await work.session.scalar(mine) >= MOST_LAYOUTS:
        raise TooManyLayouts(max=MOST_LAYOUTS)
    row = {"object_name": object_name, "role_id": role_id, "stage_field": stage_field, "stage": stage}
    # `state` is locked by definition work, so that nobody puts the same one in between.
    same = (layout.c[name].is_not_distinct_from(value) for name, value in row.items())
    if writing.is_gathered(work, row) or await work.session.scalar(sa.select(layout.c.id).where(*same)):
        raise inputs.refuse("object", LayoutTaken())
    layout_id = work.ids.new(_NUMBER)
    values = {**row, "sections": sections.kept(arranged)}
    await writing.write(work, writing.Written(layout_id, None, values))
    return layout_id


async def update_layout(work: Work, layout_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """Arrange a layout anew."""
    await access.require_definitions(work)
    before = await _held(work, layout_id)
    object_name = inputs.object_((await metadata.registry(work)).shape, {"object": before["object_name"]})
    arranged = {"sections": sections.kept(await sections.read(work, object_name, given["sections"]))}
    access.require_version(before["version"], if_version)
    was = writing.columns(before)
    await writing.write(work, writing.Written(layout_id, was, {**was, **arranged}))


async def delete_layout(work: Work, layout_id: UUID, *, if_version: int | None) -> None:
    """Forget a layout; the next one that fits applies."""
    await access.require_definitions(work)
    before = await _held(work, layout_id)
    access.require_version(before["version"], if_version)
    await writing.write(work, writing.Written(layout_id, writing.columns(before), None))


async def layouts_of(work: ReadWork, object_name: str) -> list[Kept]:
    """Every layout of an object, for those who may define."""
    await access.require_definitions(work)
    # Those of a retired object are read too, and nobody takes a wrong name for one without layouts.
    (await metadata.opened(work)).object(object_name)
    rows = await work.session.rows(
        sa.select(layout).where(layout.c.object_name == object_name).order_by(layout.c.created_at, layout.c.id)
    )
    return [
        Kept(
            row["id"],
            row["version"],
            row["object_name"],
            row["role_id"],
            row["stage_field"],
            row["stage"],
            sections.restored(row["sections"]),
        )
        for row in rows
    ]


async def _role_of(work: ReadWork, given: Mapping[str, object]) -> UUID | None:
    if given.get("roleId") is None:
        return None
    role_id = inputs.id_(given, "roleId")
    if not await work.session.scalar(sa.select(role.c.id).where(role.c.id == role_id)):
        raise inputs.refuse("roleId", RelationNotFound())
    return role_id


async def _stage_of(work: ReadWork, object_name: str, given: Mapping[str, object]) -> tuple[str, str]:
    name, key = given.get("stageField"), given.get("stage")
    if name is None and key is None:
        return "", ""
    fields = sections.live_fields((await metadata.registry(work)).shape, object_name)
    field = fields.get(str(name))
    if field is None or field.type_name != "choice" or key not in field.choice_keys:
        raise inputs.refuse("stage" if field is not None else "stageField", NotAStage())
    return field.name, str(key)


async def _held(work: ReadWork, layout_id: UUID) -> Mapping[str, Any]:
    row = await work.session.row(sa.select(layout).where(layout.c.id == layout_id))
    if row is None:
        raise LayoutNotFound
    return dict(row)
