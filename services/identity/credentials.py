"""Giving a user a new password: an administrator sets one, users change their own.

A password moves no access version: it grants nothing, and the sessions that it closes are seen by their own rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from schema.tables.permissions import user
from services import audit
from services.identity import access, inputs, passwords, throttle
from services.identity.errors import PasswordWrong
from services.identity.sessions import close_sessions
from tenants.errors import NotFound, Unauthenticated

if TYPE_CHECKING:
    from services.identity.transact import Transact
    from tenants.context import Work


class _Credentials(NamedTuple):
    """What one user signs in with."""

    user_id: UUID
    email: str
    password_hash: str | None


async def set_password(work: Work, user_id: UUID, password: str) -> None:
    """Give a user a new password, as an administrator; every session of the user is closed."""
    await access.require_definer(work)
    found = await work.session.row(_credentials(user_id))
    if found is None:
        raise NotFound
    await _store(work, _Credentials(*found), await _hash("password", password, found["email"]))
    await close_sessions(work, user_id, reason="password set")


async def change_password(write: Transact, *, present: str, following: str) -> None:
    """Change one's own password; every other session is closed. Wrong guesses are throttled like sign-ins."""
    known = await write(_begin)
    if not await passwords.verify(present, known.password_hash):
        raise inputs.refuse("currentPassword", PasswordWrong())
    password_hash = await _hash("newPassword", following, known.email)
    await write(lambda work: _finish(work, known, password_hash))


async def _begin(work: Work) -> _Credentials:
    access.refuse_token(work)
    found = await work.session.row(_credentials(work.principal.id))
    if found is None or work.principal.session_id is None:
        raise Unauthenticated
    blocks = await throttle.count_attempt(work, found["email"])
    await audit.append(work, [each.entry("session.blocked", "user", found["id"]) for each in blocks])
    return _Credentials(*found)


async def _finish(work: Work, known: _Credentials, password_hash: str) -> None:
    # The user's row first, then what is counted: signing in locks them in this order too.
    await _store(work, known, password_hash)
    await throttle.take_back(work, known.email)
    await close_sessions(work, known.user_id, keep=work.principal.session_id, reason="password changed")


async def _hash(name: str, password: str, email: str) -> str:
    weak = passwords.weakness(password, email)
    if weak is not None:
        raise inputs.refuse(name, weak)
    return await passwords.hash_password(password)


async def _store(work: Work, known: _Credentials, password_hash: str) -> None:
    # The hash that was checked must still be there: another change in the meantime wins.
    unchanged = user.c.password_hash.is_not_distinct_from(known.password_hash)
    statement = sa.update(user).where(user.c.id == known.user_id, unchanged).values(password_hash=password_hash)
    if not await work.session.execute(statement):
        raise inputs.refuse("currentPassword", PasswordWrong())
    await audit.append(work, [audit.Entry("user.password_changed", "user", known.user_id)])


def _credentials(user_id: UUID) -> sa.Select[UUID, str, str | None]:
    return sa.select(user.c.id, user.c.email, user.c.password_hash).where(user.c.id == user_id)
