"""Layouts and shared views of a pack in a tenant: merged like definitions, and kept by the verbs on them, which check them.

A view that a pack brought is nobody's: who may define changes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.layouts import layout
from schema.tables.permissions import role
from schema.tables.views import saved_view
from services import layouts, views
from services.packs.errors import PackTargetMissing
from services.packs.merging import PackConflict, merge
from services.packs.model import EVERYBODY, ROLES
from services.packs.reading import Findings
from services.packs.spoken import sections_of, view_parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.packs.model import LayoutDefinition, Pack, ViewDefinition
    from tenants.context import DefinitionWork

Document = dict[str, Any]  # Any: JSON


async def arrange(work: DefinitionWork, pack: Pack) -> list[PackConflict]:
    """Bring the tenant's layouts and shared views to what the pack has; where the tenant's own stood."""
    if not pack.layouts and not pack.views:
        return []
    found = Findings()
    roles = {row["name"]: row["id"] for row in await work.session.rows(sa.select(role.c.id, role.c.name))}
    conflicts: list[PackConflict] = []
    for each in pack.layouts:
        with found.at(pack.place(each.object_name).below("layouts", *filter(None, (each.role, each.stage)))):
            conflicts += await _layout(work, pack, each, roles)
    for view in pack.views:
        with found.at(pack.place(view.object_name).below("views", view.name)):
            conflicts += await _view(work, pack, view, roles)
    found.settle()
    return conflicts


async def _layout(
    work: DefinitionWork, pack: Pack, each: LayoutDefinition, roles: Mapping[str, UUID]
) -> tuple[PackConflict, ...]:
    role_id = _role(roles, each.role) if each.role else None
    same = {"object_name": each.object_name, "role_id": role_id, "stage_field": each.stage_field, "stage": each.stage}
    is_same = (layout.c[name].is_not_distinct_from(value) for name, value in same.items())
    row = await _found(work, sa.select(layout).where(*is_same))
    offered: Document = {"sections": json.loads(each.sections)}
    given: Document = {"object": each.object_name, "roleId": None if role_id is None else str(role_id)}
    if each.stage_field:
        given |= {"stageField": each.stage_field, "stage": each.stage}
    if row is None:
        layout_id = await layouts.create_layout(work, {**given, **offered})
        await _remember(work, layout, layout_id, pack, await _sections(work, layout_id))
        return ()
    present: Document = {"sections": sections_of(row["sections"])}
    taken, conflicts = _merged(present, offered, row, f"{each.object_name}.layouts")
    if taken != present:
        await layouts.update_layout(work, row["id"], taken, if_version=None)
        offered = await _sections(work, row["id"])
    if _is_mine(row, pack):
        await _remember(work, layout, row["id"], pack, offered)
    return conflicts


async def _sections(work: DefinitionWork, layout_id: UUID) -> Document:
    """As they are kept, with conditions as they are printed."""
    stored = await work.session.scalar(sa.select(layout.c.sections).where(layout.c.id == layout_id))
    return {"sections": sections_of(stored)}


async def _view(
    work: DefinitionWork, pack: Pack, each: ViewDefinition, roles: Mapping[str, UUID]
) -> tuple[PackConflict, ...]:
    is_same = (saved_view.c.object_name == each.object_name, saved_view.c.name == each.name)
    shared = saved_view.c.shared_with.is_not(None)
    row = await _found(work, sa.select(saved_view).where(*is_same, shared).order_by(saved_view.c.id).limit(1))
    offered: Document = json.loads(each.parts)
    offered["sharedWith"] = _audience(offered["sharedWith"], roles)
    if row is None:
        view_id = await views.create_view(work, {"object": each.object_name, "name": each.name, **offered})
        await _remember(work, saved_view, view_id, pack, offered, owner_id=None)
        return ()
    present = view_parts(row)
    taken, conflicts = _merged(present, offered, row, f"{each.object_name}.views.{each.name}")
    moved = {name: taken.get(name) for name in present.keys() | taken.keys() if taken.get(name) != present.get(name)}
    if moved:
        await views.update_view(work, row["id"], moved, if_version=None)
    if _is_mine(row, pack):
        await _remember(work, saved_view, row["id"], pack, offered)
    return conflicts


async def _found(work: DefinitionWork, query: sa.Select[Any]) -> Document | None:  # Any: columns of any type
    row = await work.session.row(query)
    return None if row is None else dict(row)


def _merged(
    present: Document, offered: Document, row: Mapping[str, Any], where: str
) -> tuple[Document, tuple[PackConflict, ...]]:
    names = sorted(present.keys() | offered.keys())
    mine = {"id": row["id"], "pack_values": row["pack_values"], **dict.fromkeys(names), **present}
    done = merge([mine], [{"id": row["id"], **dict.fromkeys(names), **offered}], names, lambda _: where)
    taken = {name: done.rows[0][name] for name in names if done.rows[0][name] is not None}
    return taken, done.conflicts


def _audience(shared: Mapping[str, Any], roles: Mapping[str, UUID]) -> Document:
    if EVERYBODY in shared:
        return {EVERYBODY: True}
    return {"roleIds": [str(_role(roles, name)) for name in shared[ROLES]]}


def _role(roles: Mapping[str, UUID], name: str) -> UUID:
    if name not in roles:
        raise PackTargetMissing(name=name)
    return roles[name]


def _is_mine(row: Mapping[str, Any], pack: Pack) -> bool:
    return row["pack"] in pack.makers


async def _remember(
    work: DefinitionWork, table: sa.Table, row_id: UUID, pack: Pack, offered: Document, **more: object
) -> None:
    values = {"pack": pack.name, "pack_values": offered, **more}
    await work.session.execute(sa.update(table).where(table.c.id == row_id).values(**values))
