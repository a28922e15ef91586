"""The people of a tenant: taken on, changed, deactivated. Nobody is deleted; records keep pointing at their makers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import sqlalchemy as sa

from schema.metadata.companions import sort_key
from schema.metadata.errors import UniqueTaken
from schema.metadata.fields import Choice, Field
from schema.tables.permissions import department, user
from services import audit
from services.identity import access, inputs, passwords, roles
from services.identity.errors import PasswordWeak, PasswordWrong, ZoneUnknown
from services.identity.inputs import Input
from services.identity.sessions import close_sessions
from tenants.errors import NotFound, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tenants.context import Work

_NUMBER = 1
_LANGUAGES = (Choice("en"), Choice("zh"))
INPUTS = (
    Input(Field("email", "email", required=True), "email"),
    Input(Field("name", "text", required=True, options=(("maxLength", 100),)), "name"),
    Input(Field("phone", "phone"), "phone"),
    Input(Field("title", "text", options=(("maxLength", 100),)), "title"),
    Input(Field("departmentId", "id"), "department_id", department),
    Input(Field("language", "choice", choices=_LANGUAGES), "language"),
    Input(Field("zone", "text"), "zone"),
)


async def create_user(
    work: Work, given: Mapping[str, object], *, password: str | None = None, role_ids: Sequence[UUID] = ()
) -> UUID:
    """Take a user on. Without a password the user cannot sign in until one is set."""
    await access.move(work)
    values = await _read(work, given, creating=True)
    user_id = work.ids.new(_NUMBER)
    await _require_free_mail(work, values, user_id)
    if password is not None:
        values["password_hash"] = await _hash(password, str(values["email"]))
    await work.session.execute(sa.insert(user).values(id=user_id, **values))
    await audit.append(work, [_entry("user.created", user_id, values)])
    for role_id in role_ids:
        await roles.assign_role(work, user_id=user_id, role_id=role_id)
    return user_id


async def update_user(work: Work, user_id: UUID, given: Mapping[str, object], *, if_version: int | None = None) -> None:
    """Change what is known of a user. Missing is untouched, null is cleared."""
    await access.move(work)
    values = await _read(work, given, creating=False)
    await _require_free_mail(work, values, user_id)
    await access.update_versioned(work, user, user_id, values, if_version=if_version)
    await audit.append(work, [_entry("user.updated", user_id, values)])


async def deactivate_user(work: Work, user_id: UUID, *, if_version: int | None = None) -> None:
    """Lock a user out: no new sign-in, every session closed at once. Doing it twice changes nothing."""
    await access.move(work)
    await access.update_versioned(work, user, user_id, {"state": "inactive"}, if_version=if_version)
    await roles.require_an_admin(work)
    await close_sessions(work, user_id, reason="user deactivated")
    await audit.append(work, [audit.Entry("user.deactivated", "user", user_id)])


async def reactivate_user(work: Work, user_id: UUID, *, if_version: int | None = None) -> None:
    """Let a deactivated user sign in again; closed sessions stay closed."""
    await access.move(work)
    await access.update_versioned(work, user, user_id, {"state": "active"}, if_version=if_version)
    await audit.append(work, [audit.Entry("user.reactivated", "user", user_id)])


async def set_password(work: Work, user_id: UUID, password: str) -> None:
    """Give a user a new password, as an administrator; every session of the user is closed."""
    await access.require_definer(work)
    found = await work.session.row(_secrets(user_id))
    if found is None:
        raise NotFound
    await _store_password(work, user_id, await _hash(password, found["email"]))
    await close_sessions(work, user_id, reason="password set")


async def change_password(work: Work, *, present: str, following: str) -> None:
    """Change one's own password; every other session is closed."""
    found = await work.session.row(_secrets(work.principal.id))
    if found is None or work.principal.session_id is None:
        raise Unauthenticated
    if not await passwords.verify(present, found["password_hash"]):
        raise inputs.refuse("currentPassword", PasswordWrong())
    await _store_password(work, work.principal.id, await _hash(following, found["email"], name="newPassword"))
    await close_sessions(work, work.principal.id, keep=work.principal.session_id, reason="password changed")


async def _read(work: Work, given: Mapping[str, object], *, creating: bool) -> dict[str, object]:
    values = await inputs.read(work, INPUTS, given, creating=creating)
    if values.get("zone") and values["zone"] not in available_timezones():
        raise inputs.refuse("zone", ZoneUnknown())
    if "name" in values:
        values["name_sort"] = sort_key(str(values["name"]))
    return values


def _entry(action: str, user_id: UUID, values: Mapping[str, object]) -> audit.Entry:
    # Names of what changed, not the values: audit entries are never erased, and these are personal data.
    return audit.Entry(action, "user", user_id, details={"changed": sorted(values.keys() - {"name_sort"})})


async def _hash(password: str, email: str, *, name: str = "password") -> str:
    try:
        passwords.require_strength(password, email)
    except PasswordWeak as fault:
        raise inputs.refuse(name, fault) from None
    return await passwords.hash_password(password)


async def _store_password(work: Work, user_id: UUID, password_hash: str) -> None:
    # No access version moves: a password grants nothing, and closed sessions are seen by their own rows.
    await work.session.execute(sa.update(user).where(user.c.id == user_id).values(password_hash=password_hash))
    await audit.append(work, [audit.Entry("user.password_changed", "user", user_id)])


async def _require_free_mail(work: Work, values: Mapping[str, object], user_id: UUID) -> None:
    taken = sa.select(user.c.id).where(user.c.email == values.get("email"), user.c.id != user_id)
    if await work.session.scalar(taken):
        raise inputs.refuse("email", UniqueTaken())


def _secrets(user_id: UUID) -> sa.Select[str, str | None]:
    return sa.select(user.c.email, user.c.password_hash).where(user.c.id == user_id)
