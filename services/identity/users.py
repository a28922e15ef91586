"""The people of a tenant: taken on, changed, deactivated. Nobody is deleted; records keep pointing at their makers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.companions import sort_key
from schema.metadata.errors import UniqueTaken
from schema.metadata.fields import Choice, Field
from schema.tables.permissions import department, role, user
from services import audit
from services.identity import access, inputs, passwords, roles
from services.identity.inputs import Draft, Input
from services.identity.sessions import close_sessions
from tenants.clock import UnknownZone, require_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tenants.context import Work
    from tenants.errors import Violation

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
    work: Work, given: Mapping[str, object], *, password: str | None = None, role_ids: Sequence[object] = ()
) -> UUID:
    """Take a user on. Without a password the user cannot sign in until one is set."""
    await access.move(work)
    user_id = work.ids.new(_NUMBER)
    draft = await _read(work, user_id, given, creating=True)
    assigned = await inputs.targets(work, draft, "roleIds", role_ids, role)
    weak = None if password is None else passwords.weakness(password, str(draft.values.get("email")))
    if weak is not None:
        draft.refuse("password", weak)
    values = draft.accepted()
    if password is not None:
        values["password_hash"] = await passwords.hash_password(password)
    await work.session.execute(sa.insert(user).values(id=user_id, **values))
    await audit.append(work, [_entry("user.created", user_id, values)])
    for role_id in assigned:
        await roles.assign_role(work, user_id=user_id, role_id=role_id)
    return user_id


def unfit(given: Mapping[str, object]) -> Sequence[Violation]:
    """What is wrong with a new user, as far as it can be told before there is a tenant."""
    draft = inputs.plain(INPUTS, given, creating=True)
    _refuse_unknown_zone(draft)
    return draft.violations


async def update_user(work: Work, user_id: UUID, given: Mapping[str, object], *, if_version: int | None = None) -> None:
    """Change what is known of a user. Missing is untouched, null is cleared."""
    await access.move(work)
    values = (await _read(work, user_id, given, creating=False)).accepted()
    await access.update_versioned(work, user, user_id, values, if_version=if_version)
    await audit.append(work, [_entry("user.updated", user_id, values)])


async def deactivate_user(work: Work, user_id: UUID, *, if_version: int | None = None) -> None:
    """Lock a user out: no new sign-in, every session closed at once. Doing it twice changes nothing."""
    await access.move(work)
    await access.update_versioned(work, user, user_id, {"state": "inactive"}, if_version=if_version)
    if await roles.is_admin(work, user_id):
        await roles.require_an_admin(work)
    await close_sessions(work, user_id, reason="user deactivated")
    await audit.append(work, [audit.Entry("user.deactivated", "user", user_id)])


async def reactivate_user(work: Work, user_id: UUID, *, if_version: int | None = None) -> None:
    """Let a deactivated user sign in again; closed sessions stay closed."""
    await access.move(work)
    await access.update_versioned(work, user, user_id, {"state": "active"}, if_version=if_version)
    await audit.append(work, [audit.Entry("user.reactivated", "user", user_id)])


async def _read(work: Work, user_id: UUID, given: Mapping[str, object], *, creating: bool) -> Draft:
    draft = await inputs.read(work, INPUTS, given, creating=creating)
    values = draft.values
    _refuse_unknown_zone(draft)
    if values.get("email") and await work.session.scalar(_same_mail(values["email"], user_id)):
        draft.refuse("email", UniqueTaken())
    if values.get("name"):
        values["name_sort"] = sort_key(str(values["name"]))
    return draft


def _refuse_unknown_zone(draft: Draft) -> None:
    try:
        if draft.values.get("zone"):
            require_zone(draft.values["zone"])
    except UnknownZone as fault:
        draft.refuse("zone", fault)


def _entry(action: str, user_id: UUID, values: Mapping[str, object]) -> audit.Entry:
    # Names of what changed, not the values: audit entries are never erased, and these are personal data.
    return audit.Entry(action, "user", user_id, details={"changed": sorted(values.keys() - {"name_sort"})})


def _same_mail(email: object, user_id: UUID) -> sa.Select[UUID]:
    return sa.select(user.c.id).where(user.c.email == email, user.c.id != user_id)
