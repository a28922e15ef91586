"""Reading with somebody else's eyes: for one request an administrator sees what another user would, and is named for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.permissions import user
from services import audit
from services.identity import access
from services.identity.errors import ViewOnly
from tenants.context import Principal, PrincipalKind
from tenants.errors import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work


async def view_as(work: Work, user_id: UUID) -> Principal:
    """The user, to be read as by whoever may define. The entry comes first: without it nobody is looked at."""
    await access.require_definer(work)
    found = await work.session.row(sa.select(user.c.state, user.c.zone).where(user.c.id == user_id))
    if found is None or found["state"] != "active":
        raise NotFound
    await audit.append(work, [audit.Entry("access.viewedAs", "user", user_id)])
    return Principal(PrincipalKind.USER, user_id, zone=found["zone"] or "", viewer_id=work.principal.id)


def refuse_viewer(principal: Principal) -> None:
    """Who looks as somebody else changes nothing."""
    if principal.viewer_id is not None:
        raise ViewOnly
