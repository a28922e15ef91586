"""Roles themselves: made, copied, given other words, deleted. Every change moves `access_version`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.metadata.errors import NameTaken
from schema.metadata.fields import Field
from schema.tables.oauth import client
from schema.tables.permissions import (
    action_permission,
    criteria_rule,
    field_permission,
    object_permission,
    restriction,
    role,
    role_member,
)
from services import audit, query
from services.identity import access, inputs
from services.roles.errors import RoleInUse
from tenants.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work

NUMBER = 3
_SHORT = (("maxLength", 100),)
_NAME = inputs.Input(Field("name", "text", required=True, options=_SHORT), "name")
_WORDS = (
    inputs.Input(Field("labelZh", "text", options=_SHORT), "label_zh"),
    inputs.Input(Field("labelEn", "text", options=_SHORT), "label_en"),
)
# What a role says; whoever copies or deletes it takes all of this along.
SAYINGS: tuple[sa.Table, ...] = (object_permission, field_permission, criteria_rule, restriction, action_permission)


async def create_role(work: Work, given: Mapping[str, object]) -> UUID:
    """A role that grants nothing yet."""
    await access.move(work)
    role_id = await _insert(work, given)
    await audit.append(work, [audit.Entry("role.created", "role", role_id, details={"name": given["name"]})])
    return role_id


async def copy_role(work: Work, role_id: UUID, given: Mapping[str, object]) -> UUID:
    """A new role that says all that another one says, and is held by nobody."""
    await access.move(work)
    copied = await work.session.row(sa.select(role).where(role.c.id == role_id))
    if copied is None:
        raise NotFound
    made = await _insert(work, given, is_admin=copied["is_admin"])
    for table in SAYINGS:
        rows = await work.session.rows(sa.select(table).where(table.c.role_id == role_id))
        fresh = [{"id": work.ids.new(NUMBER)} if "id" in table.c else {} for _ in rows]
        if rows:
            said = [{**row, **new, "role_id": made} for row, new in zip(rows, fresh, strict=True)]
            await work.session.execute(sa.insert(table).values(said))
    details = {"name": given["name"], "from": role_id}
    await audit.append(work, [audit.Entry("role.copied", "role", made, details=details)])
    return made


async def update_role(work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """Change the words of a role; its name never changes."""
    await access.move(work)
    # Without words a role is called by its name, as one that is made without them.
    words = await _words(work, given)
    values = {name: value or role.c.name for name, value in words.items()}
    before = await access.update_versioned(work, role, role_id, values, if_version=if_version)
    details = {**words, "before": before}
    await audit.append(work, [audit.Entry("role.updated", "role", role_id, details=details)])


async def delete_role(work: Work, role_id: UUID, *, if_version: int | None) -> None:
    """Delete a role that nobody holds, with all that it says."""
    await access.move(work)
    found = await work.session.row(sa.select(role).where(role.c.id == role_id))
    if found is None:
        raise NotFound
    access.require_version(found["version"], if_version)
    users, clients = [
        await work.session.scalar(sa.select(sa.func.count()).select_from(each).where(each.c.role_id == role_id))
        for each in (role_member, client)
    ]
    if users or clients:
        raise inputs.refuse("id", RoleInUse(users=users, clients=clients))
    said = {table.name: await _take(work, table, role_id) for table in SAYINGS}
    await work.session.execute(sa.delete(role).where(role.c.id == role_id))
    words = {name: found[name] for name in ("label_zh", "label_en", "is_admin")}
    details = {"name": found["name"], "before": {**words, **said}}
    await audit.append(work, [audit.Entry("role.deleted", "role", role_id, details=details)])


async def _take(work: Work, table: sa.Table, role_id: UUID) -> list[dict[str, object]]:
    """Delete what a role says of one kind; the rows, as an audit entry may tell them."""
    kept = [column for column in table.c if column.name != "role_id"]
    rows = await work.session.rows(sa.delete(table).where(table.c.role_id == role_id).returning(*kept))
    return [await _told(work, dict(row)) for row in rows]


async def _told(work: Work, row: dict[str, Any]) -> dict[str, object]:  # Any: columns of any type
    if "condition" not in row:
        return row
    told = await query.told(work, row["object_name"], row["condition"], {"condition": row["condition"]})
    return {**row, **told}


async def _insert(work: Work, given: Mapping[str, object], *, is_admin: bool = False) -> UUID:
    draft = await inputs.read(work, (_NAME, *_WORDS), given, creating=True)
    name = draft.values.get("name")
    if name and await work.session.scalar(sa.select(role.c.id).where(role.c.name == name)):
        draft.refuse("name", NameTaken(name=str(name)))
    values = draft.accepted()
    words = {"label_zh": values.get("label_zh") or name, "label_en": values.get("label_en") or name}
    role_id = work.ids.new(NUMBER)
    row = {"id": role_id, "name": name, "is_admin": is_admin, **words}
    await work.session.execute(sa.insert(role).values(row))
    return role_id


async def _words(work: Work, given: Mapping[str, object]) -> Mapping[str, object]:
    return (await inputs.read(work, _WORDS, given, creating=False)).accepted()
