"""The demo company's people, through the verbs that an administrator would use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.permissions import role, user
from services import identity
from services.demo.people import DEPARTMENTS, PEOPLE

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import DefinitionWork, ReadWork


async def staff(work: DefinitionWork, password: str) -> None:
    """Take on everybody, all with one password."""
    roles = {row["name"]: row["id"] for row in await work.session.rows(sa.select(role.c.id, role.c.name))}
    departments = {key: await identity.create_department(work, {"name": name}) for key, name, _ in DEPARTMENTS}
    ids: dict[str, UUID] = {}
    for person in PEOPLE:
        ids[person.account] = await identity.create_user(
            work,
            {
                "email": person.email,
                "name": person.name,
                "title": person.title,
                "departmentId": departments[person.department],
            },
            role_ids=[roles[person.role]],
        )
    for key, _, manager in DEPARTMENTS:
        await identity.update_department(work, departments[key], {"managerId": ids[manager]})
    # Hashing is slow on purpose; a dozen people with one password need it once.
    await work.session.execute(sa.update(user).values(password_hash=await identity.hash_password(password)))


async def accounts(work: ReadWork) -> tuple[tuple[str, UUID], ...]:
    """Ids by account, for the story."""
    rows = {row["email"]: row["id"] for row in await work.session.rows(sa.select(user.c.email, user.c.id))}
    return tuple((person.account, rows[person.email]) for person in PEOPLE)
