"""Signing in with a mail address and a password.

Three steps: count the attempt and commit, check the password outside any transaction, open a session or note the
refusal and commit. An unknown address takes the same steps and gets the same answer as a wrong password.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.normal_text import normal
from schema.tables.permissions import user
from services import audit
from services.identity import passwords, throttle
from services.identity.errors import SignInRefused
from services.identity.sessions import OpenSession, open_session

if TYPE_CHECKING:
    from services.identity.transact import Transact
    from tenants.context import Work
    from tenants.settings import TokenSettings

_LONGEST_MAIL = 254


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What the password is checked against, and later whether it fitted; without a user, nothing fits."""

    mail: str
    user_id: UUID | None = None
    password_hash: str | None = None
    fits: bool = False
    # The same password under today's parameters, where the stored hash has older ones.
    renewed_hash: str | None = None


async def sign_in(write: Transact, settings: TokenSettings, *, email: str, password: str) -> OpenSession:
    """A session for the right password; `SignInRefused` or `SignInBlocked` otherwise."""
    attempt = await write(lambda work: _begin(work, _normal(email)))
    fits = await passwords.verify(password, attempt.password_hash)
    renewed = None
    if fits and attempt.password_hash and passwords.is_outdated(attempt.password_hash):
        renewed = await passwords.hash_password(password)
    checked = replace(attempt, fits=fits, renewed_hash=renewed)
    opened = await write(lambda work: _finish(work, settings, checked))
    if opened is None:
        raise SignInRefused
    return opened


async def _begin(work: Work, mail: str) -> _Attempt:
    blocks = await throttle.count_attempt(work, mail)
    found = await work.session.row(_credentials(mail))
    aimed_at = found["id"] if found else None
    await audit.append(work, [each.entry("session.blocked", "user", aimed_at) for each in blocks])
    return _Attempt(mail, found["id"], found["password_hash"]) if found else _Attempt(mail)


async def _finish(work: Work, settings: TokenSettings, attempt: _Attempt) -> OpenSession | None:
    # The password may have been changed, or the user deactivated, while it was checked.
    signed = await work.session.row(_still_valid(attempt)) if attempt.fits else None
    if signed is None:
        await audit.append(work, [audit.Entry("session.refused", "user", attempt.user_id)])
        return None
    if attempt.renewed_hash:
        await work.session.execute(_renew(attempt))
    await throttle.take_back(work, attempt.mail)
    opened = await open_session(work, settings, user_id=signed["id"], zone=signed["zone"])
    await audit.append(work, [audit.Entry("session.opened", "user", opened.user_id, details={"session": opened.id})])
    return opened


def _normal(email: str) -> str:
    """The stored form of an address; text that cannot be one becomes the empty text, which nobody has."""
    mail = normal("NFKC", email).strip().lower()
    return mail if len(mail) <= _LONGEST_MAIL and mail.isprintable() else ""


def _credentials(mail: str) -> sa.Select[UUID, str | None]:
    return sa.select(user.c.id, user.c.password_hash).where(user.c.email == mail, user.c.state == "active")


def _still_valid(attempt: _Attempt) -> sa.Select[UUID, str | None]:
    unchanged = sa.select(user.c.id, user.c.zone).where(
        user.c.id == attempt.user_id, user.c.password_hash == attempt.password_hash, user.c.state == "active"
    )
    # Locked, so that whoever takes the password away or deactivates the user sees the session that is opened, and
    # closes it. Who renews the hash changes the row: two who share it first would wait for each other.
    renews = attempt.renewed_hash is not None
    return unchanged.with_for_update(key_share=True) if renews else unchanged.with_for_update(read=True)


def _renew(attempt: _Attempt) -> sa.Update:
    unchanged = sa.and_(user.c.id == attempt.user_id, user.c.password_hash == attempt.password_hash)
    return sa.update(user).where(unchanged).values(password_hash=attempt.renewed_hash)
