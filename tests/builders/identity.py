"""Users, roles and departments, made by the verbs that make them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.permissions import role
from services import identity
from tenants.settings import TokenSettings

if TYPE_CHECKING:
    from services.identity import OpenSession
    from tests.builders.callers import Caller

PASSWORD = "correct horse 电池"
TOKENS = TokenSettings()
_numbers = itertools.count(1)


async def role_id(system: Caller, name: str) -> UUID:
    """A role of the pack, by name."""
    found = await system.scalar(sa.select(role.c.id).where(role.c.name == name))
    assert isinstance(found, UUID), name
    return found


async def user(
    system: Caller,
    *,
    email: str = "",
    password: str | None = PASSWORD,
    roles: Sequence[str] = (),
    department_id: UUID | None = None,
    **more: object,
) -> UUID:
    """A user; the mail address is a fresh one if none is given."""
    given = {
        "email": email or f"user{next(_numbers)}@demo.example",
        "name": "王小安",
        "departmentId": department_id,
        **more,
    }
    role_ids = [await role_id(system, name) for name in roles]
    return await system.define(lambda work: identity.create_user(work, given, password=password, role_ids=role_ids))


async def signed_in(system: Caller, *, email: str, password: str = PASSWORD) -> OpenSession:
    """A session, opened through the front door."""
    return await identity.sign_in(system.anonymous().write, TOKENS, email=email, password=password)


async def caller(system: Caller, *, email: str = "", roles: Sequence[str] = ()) -> Caller:
    """A new user with these roles, signed in."""
    address = email or f"caller{next(_numbers)}@demo.example"
    await user(system, email=address, roles=roles)
    return system.as_user(await signed_in(system, email=address))


async def department(
    system: Caller, name: str, *, parent_id: UUID | None = None, manager_id: UUID | None = None
) -> UUID:
    """A department."""
    given = {"name": name, "parentId": parent_id, "managerId": manager_id}
    return await system.define(lambda work: identity.create_department(work, given))
