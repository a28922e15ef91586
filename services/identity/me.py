"""Who is signed in, for a client that has just done so: name, roles, language, zone, and the tenant around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.permissions import user
from services import permissions
from tenants.context import PrincipalKind
from tenants.errors import Unauthenticated

if TYPE_CHECKING:
    from tenants.context import ReadWork


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in user. `zone` and `language` are the user's own, or else the tenant's."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    may_define: bool
    department_id: UUID | None
    language: str
    zone: str
    tenant_name: str
    currency: str


async def me(work: ReadWork) -> Me:
    """Whoever asks; `Unauthenticated` for everybody who is not a user."""
    if work.principal.kind is not PrincipalKind.USER:
        raise Unauthenticated
    found = await work.session.row(_person(work.principal.id))
    if found is None:
        raise Unauthenticated
    policy = await permissions.policy(work)
    return Me(
        id=found["id"],
        name=found["name"],
        email=found["email"],
        roles=policy.roles,
        may_define=policy.may_define,
        department_id=found["department_id"],
        language=found["language"] or work.settings.language,
        zone=found["zone"] or work.settings.zone,
        tenant_name=work.settings.name,
        currency=work.settings.currency,
    )


def _person(user_id: UUID) -> sa.Select[UUID, str, str, UUID | None, str | None, str | None]:
    column = user.c
    return sa.select(column.id, column.name, column.email, column.department_id, column.language, column.zone).where(
        column.id == user_id
    )
