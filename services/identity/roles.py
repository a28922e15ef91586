"""Who holds which role. Grants of several roles add up; the last administrator keeps the role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.errors import RelationNotFound
from schema.tables.permissions import role, role_member, user
from services import audit
from services.identity import access, inputs
from services.identity.errors import LastAdmin

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork, Work


async def assign_role(work: Work, *, user_id: UUID, role_id: UUID) -> None:
    """Give a user a role; giving it twice changes nothing."""
    await access.move(work)
    await require_both(work, user_id=user_id, role_id=role_id)
    if await work.session.execute(_add(work, user_id, role_id)):
        await audit.append(work, [audit.Entry("role.assigned", "user", user_id, details={"role": role_id})])


async def revoke_role(work: Work, *, user_id: UUID, role_id: UUID) -> None:
    """Take a role from a user; taking what is not held changes nothing."""
    await access.move(work)
    await require_both(work, user_id=user_id, role_id=role_id)
    was_admin = await is_admin(work, user_id)
    if await work.session.execute(_remove(user_id, role_id)):
        if was_admin:
            await require_an_admin(work)
        await audit.append(work, [audit.Entry("role.revoked", "user", user_id, details={"role": role_id})])


async def is_admin(work: ReadWork, user_id: UUID) -> bool:
    """Whether a user, active or not, holds an admin role."""
    return bool(await work.session.scalar(_admin_roles().where(user.c.id == user_id)))


async def is_last_admin(work: ReadWork, user_id: UUID) -> bool:
    """Whether nobody else who is active holds an admin role."""
    others = _admin_roles().where(user.c.state == "active", user.c.id != user_id)
    return await is_admin(work, user_id) and not await work.session.scalar(others)


async def require_an_admin(work: Work) -> None:
    """At least one active user with an admin role is left."""
    if not await work.session.scalar(_admin_roles().where(user.c.state == "active")):
        raise LastAdmin


async def require_both(work: Work, *, user_id: UUID, role_id: UUID) -> None:
    """The user and the role exist."""
    for name, table, row_id in (("userId", user, user_id), ("roleId", role, role_id)):
        if not await work.session.scalar(sa.select(table.c.id).where(table.c.id == row_id)):
            raise inputs.refuse(name, RelationNotFound())


def _add(work: Work, user_id: UUID, role_id: UUID) -> pg.Insert:
    row = {"role_id": role_id, "user_id": user_id, "created_at": work.now}
    return pg.insert(role_member).values(row).on_conflict_do_nothing()


def _remove(user_id: UUID, role_id: UUID) -> sa.Delete:
    return sa.delete(role_member).where(role_member.c.user_id == user_id, role_member.c.role_id == role_id)


def _admin_roles() -> sa.Select[int]:
    return (
        sa
        .select(sa.func.count())
        .select_from(role_member.join(role).join(user, user.c.id == role_member.c.user_id))
        .where(role.c.is_admin)
    )
