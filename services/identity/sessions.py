"""Sessions of sign-ins, with their refresh tokens, and of tokens of the API: opened, renewed by rotation, closed.

Every statement of a session's user checks the session's row, so a closed one is refused at once. Nothing here checks
passwords.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.identity import refresh_token, session
from schema.tables.oauth import api_token
from schema.tables.permissions import user
from services import audit
from services.identity import access
from services.identity.errors import RefreshRefused
from tenants.errors import Unauthenticated
from tenants.transactions import SignedOut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg
    from sqlalchemy.sql.dml import ReturningUpdate

    from services.identity.transact import Transact
    from tenants.context import Work
    from tenants.settings import TokenSettings

LONGEST_AGENT = 300
# Sessions are no records: nothing asks for one by `node(id)`.
_NO_OBJECT = 0
_TOKEN_PREFIX = "kzr_"  # noqa: S105 - lets scanners of leaked secrets recognise it


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A live session, as the bearer of a fresh refresh token receives it."""

    id: UUID
    user_id: UUID
    zone: str
    refresh_token: str
    # When the refresh token was made; the access token counts from here.
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is: one of the two."""

    user_id: UUID | None = None
    client_id: UUID | None = None


async def open_session(work: Work, settings: TokenSettings, *, user_id: UUID, zone: str | None) -> OpenSession:
    """A new session of a user whose password was right, and whose row is locked since that was seen."""
    session_id = work.ids.new(_NO_OBJECT)
    await work.session.execute(_insert_session(work, settings, session_id=session_id, user_id=user_id))
    token = await _issue(work, session_id)
    return OpenSession(session_id, user_id, zone or "", token, work.now)


async def refresh(write: Transact, token: str) -> OpenSession:
    """Exchange a refresh token for the next one. A token that was exchanged before closes its session for good."""
    renewed = await write(lambda work: _rotate(work, token))
    if renewed is None:
        raise RefreshRefused
    return renewed


async def sign_out(work: Work, *, everywhere: bool = False) -> int:
    """Close the caller's session, or every session of the caller; answers how many were closed."""
    access.refuse_token(work)
    mine = work.principal.session_id
    if mine is None:
        raise Unauthenticated
    if everywhere:
        # A token that is being made has its user's row: what is closed is seen when it is there, or it is refused.
        own_row = sa.select(user.c.id).where(user.c.id == work.principal.id)
        await work.session.scalar(own_row.with_for_update(key_share=True))
    chosen = session.c.user_id == work.principal.id if everywhere else session.c.id == mine
    return await _close(work, chosen, reason="signed out")


async def require_still_open(work: Work) -> None:
    """Refuse a user whose session was closed since this unit of work began; until its end nobody closes them all."""
    # Whoever closes every session of a user has locked the row before: what is read afterwards is what they left.
    own_row = sa.select(user.c.state).where(user.c.id == work.principal.id)
    state = await work.session.scalar(own_row.with_for_update(read=True))
    still = sa.select(session.c.id).where(session.c.id == work.principal.session_id, session.c.closed_at.is_(None))
    if state != "active" or await work.session.scalar(still) is None:
        raise SignedOut


async def close_sessions(work: Work, user_id: UUID, *, keep: UUID | None = None, reason: str) -> int:
    """Close every live session of a user whose row the caller has locked, but one if asked."""
    chosen = session.c.user_id == user_id
    return await _close(work, chosen if keep is None else sa.and_(chosen, session.c.id != keep), reason=reason)


async def close_client_sessions(work: Work, client_id: UUID, *, reason: str) -> int:
    """Close every live session of a client."""
    return await _close(work, session.c.client_id == client_id, reason=reason)


async def close_session(work: Work, session_id: UUID, *, reason: str) -> int:
    """Close one session, if it is live."""
    return await _close(work, session.c.id == session_id, reason=reason)


async def open_token_session(work: Work, session_id: UUID, *, bearer: Bearer, expires_at: datetime) -> None:
    """The session of a token of the API; the token itself is kept by who made it."""
    row = {"id": session_id, "created_at": work.now, "expires_at": expires_at, "address": work.origin.address}
    whose = {"user_id": bearer.user_id, "client_id": bearer.client_id}
    await work.session.execute(sa.insert(session).values({**row, **whose, "agent": work.origin.agent[:LONGEST_AGENT]}))


async def _rotate(work: Work, token: str) -> OpenSession | None:
    digest = _digest(token)
    replaced = await work.session.row(_replace(digest, work))
    if replaced is None:
        # The token is unknown, of a closed session, or was used before; only the last is the sign of a theft.
        await _close(work, session.c.id.in_(_session_of(digest)), reason="refresh token used twice")
        return None
    following = await _issue(work, replaced["id"])
    return OpenSession(replaced["id"], replaced["user_id"], replaced["zone"] or "", following, work.now)


async def _issue(work: Work, session_id: UUID) -> str:
    token = _TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = {"hash": _digest(token), "session_id": session_id, "created_at": work.now}
    await work.session.execute(sa.insert(refresh_token).values(row))
    return token


async def _close(work: Work, chosen: sa.ColumnElement[bool], *, reason: str) -> int:
    closed = await work.session.rows(_close_sessions(work, chosen))
    if closed:
        await work.session.execute(_revoke_tokens(work, [row["id"] for row in closed]))
    await audit.append(work, [_closing(row, reason) for row in closed])
    return len(closed)


def _closing(closed: asyncpg.Record, reason: str) -> audit.Entry:
    kind, bearer = ("client", closed["client_id"]) if closed["client_id"] else ("user", closed["user_id"])
    return audit.Entry("session.closed", kind, bearer, details={"session": closed["id"], "reason": reason})


def _digest(token: str) -> bytes:
    # The token has 256 random bits: a fast hash is enough, nobody can try them all.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _insert_session(work: Work, settings: TokenSettings, *, session_id: UUID, user_id: UUID) -> sa.Insert:
    return sa.insert(session).values(
        id=session_id,
        user_id=user_id,
        created_at=work.now,
        expires_at=work.now + timedelta(seconds=settings.refresh_seconds),
        address=work.origin.address,
        agent=work.origin.agent[:LONGEST_AGENT],
    )


def _replace(digest: bytes, work: Work) -> ReturningUpdate[UUID, UUID, str | None]:
    live = sa.and_(
        session.c.id == refresh_token.c.session_id,
        session.c.closed_at.is_(None),
        session.c.expires_at > work.now,
        user.c.id == session.c.user_id,
        user.c.state == "active",
    )
    return (
        sa
        .update(refresh_token)
        .where(refresh_token.c.hash == digest, refresh_token.c.replaced_at.is_(None), live)
        .values(replaced_at=work.now)
        .returning(session.c.id, session.c.user_id, user.c.zone)
    )


def _session_of(digest: bytes) -> sa.Select[UUID]:
    used = sa.and_(refresh_token.c.hash == digest, refresh_token.c.replaced_at.is_not(None))
    return sa.select(refresh_token.c.session_id).where(used)


def _revoke_tokens(work: Work, session_ids: Sequence[UUID]) -> sa.Update:
    of_these = api_token.c.id == sa.any_(sa.literal(list(session_ids), pg.ARRAY(pg.UUID)))
    return sa.update(api_token).where(of_these).values(revoked_at=work.now)


def _close_sessions(work: Work, chosen: sa.ColumnElement[bool]) -> ReturningUpdate[UUID, UUID | None, UUID | None]:
    return (
        sa
        .update(session)
        .where(session.c.closed_at.is_(None), chosen)
        .values(closed_at=work.now)
        .returning(session.c.id, session.c.user_id, session.c.client_id)
    )
