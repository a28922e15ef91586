"""Which view of an object comes first: for whoever has a role, else for everybody; where none was named, none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.errors import RelationNotFound
from schema.tables.permissions import role, role_member
from schema.tables.views import default_view as table
from schema.tables.views import saved_view
from services import audit, metadata, permissions
from services.identity import access, inputs
from services.permissions import Verb
from services.views.audience import EVERYBODY, ROLES
from services.views.errors import DefaultNotShared

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import ReadWork, Work


async def set_default_view(work: Work, given: Mapping[str, object]) -> None:
    """Let a view come first for those with a role, or without one for everybody; without a view none does."""
    await access.require_definer(work)
    object_name, role_id = inputs.object_((await metadata.registry(work)).shape, given), None
    if given.get("roleId") is not None:
        role_id = inputs.id_(given, "roleId")
        if not await work.session.scalar(sa.select(role.c.id).where(role.c.id == role_id)):
            raise inputs.refuse("roleId", RelationNotFound())
    mine = (table.c.object_name == object_name, table.c.role_id.is_not_distinct_from(role_id))
    view_id = None if given.get("viewId") is None else inputs.id_(given, "viewId")
    if view_id is not None:
        await _require_shared(work, object_name, role_id, view_id)
    await work.session.execute(sa.delete(table).where(*mine))
    if view_id is not None:
        row = {"object_name": object_name, "role_id": role_id, "view_id": view_id, "created_at": work.now}
        await work.session.execute(sa.insert(table).values(row))
    details = {"object": object_name, "role": role_id, "view": view_id}
    await audit.append(work, [audit.Entry("savedView.defaultSet", "savedView", view_id, details=details)])


async def default_view(work: ReadWork, object_name: str) -> UUID | None:
    """The view that comes first for the caller: of several roles the one whose name comes first decides."""
    access.require_signed_in(work)
    if not (await permissions.policy(work)).on(object_name).arms(Verb.READ):
        return None
    found: UUID | None = await work.session.scalar(_first(object_name, work.principal.id))
    return found


async def _require_shared(work: Work, object_name: str, role_id: UUID | None, view_id: UUID) -> None:
    row = await work.session.row(
        sa.select(saved_view.c.shared_with).where(saved_view.c.id == view_id, saved_view.c.object_name == object_name)
    )
    if row is None:
        raise inputs.refuse("viewId", RelationNotFound())
    shared = row["shared_with"] or {}
    if EVERYBODY not in shared and (role_id is None or str(role_id) not in shared.get(ROLES, ())):
        raise inputs.refuse("viewId", DefaultNotShared())


def _first(object_name: str, user_id: UUID) -> sa.Select[UUID]:
    held = sa.select(role_member.c.role_id).where(role_member.c.user_id == user_id)
    named = sa.cast(saved_view.c.shared_with[ROLES], pg.JSONB).has_key(sa.cast(table.c.role_id, sa.Text))
    return (
        sa
        .select(table.c.view_id)
        .join(saved_view, saved_view.c.id == table.c.view_id)
        .outerjoin(role, role.c.id == table.c.role_id)
        .where(
            table.c.object_name == object_name,
            sa.or_(table.c.role_id.is_(None), table.c.role_id.in_(held)),
            # A view that was taken back since comes first for nobody.
            sa.or_(saved_view.c.shared_with[EVERYBODY].astext == "true", named),
        )
        .order_by(table.c.role_id.is_(None), role.c.name)
        .limit(1)
    )
