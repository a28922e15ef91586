"""Tokens of the API: made for a user or a client, found by their hash, revoked together with their session.

A token is shown once. What it may do is read at each request, and so is whether its session is still open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.fields import Field
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.identity import session
from schema.tables.oauth import api_token
from services import audit, identity, permissions
from services.identity import Bearer, inputs
from services.oauth import asked, secrets
from services.oauth.errors import ApiTokenNotFound, ApiTokensFull
from tenants.context import PrincipalKind
from tenants.errors import Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tenants.context import ReadWork, Work

MOST_DAYS = 366
MOST_TOKENS = 50
# Live ones of a client; a program that asks anew for each request ends its own.
MOST_OF_CLIENT = 100
# As long as what sign-in leaves behind.
KEPT = timedelta(days=30)
_NUMBER = SYSTEM_OBJECTS["apiToken"][1].number
_NAME = inputs.Input(Field("name", "text", required=True), "name")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token; its text is there only where it was just made."""

    id: UUID
    text: str | None
    expires_at: datetime


async def create_api_token(work: Work, given: Mapping[str, object], *, days: int) -> ApiToken:
    """A personal access token: for a program that acts for its user, as far as the scopes reach."""
    identity.refuse_token(work)
    if work.principal.kind is not PrincipalKind.USER:
        raise Unauthenticated
    expires_at = work.now + secrets.lifetime(days, "days", most=MOST_DAYS)
    draft = await inputs.read(work, (_NAME,), given, creating=True)
    draft.values["scopes"] = await asked.scopes(work, draft, given.get("scopes"))
    values = draft.accepted()
    await identity.require_still_open(work)
    if await work.session.scalar(_live_of(work)) >= MOST_TOKENS:
        raise ApiTokensFull(max=MOST_TOKENS)
    bearer = Bearer(user_id=work.principal.id)
    return await keep(work, secrets.make(secrets.PERSONAL_TOKEN), bearer, values, expires_at)


async def keep(work: Work, text: str, bearer: Bearer, values: Mapping[str, object], expires_at: datetime) -> ApiToken:
    """Store a token that was just made: its session, its hash, and who has it."""
    token_id = work.ids.new(_NUMBER)
    await identity.open_token_session(work, token_id, bearer=bearer, expires_at=expires_at)
    whose = {"user_id": bearer.user_id, "client_id": bearer.client_id}
    row = {"id": token_id, "hash": secrets.digest(text), "created_at": work.now, "expires_at": expires_at}
    await work.session.execute(sa.insert(api_token).values({**values, **whose, **row}))
    details = {**values, "client": bearer.client_id, "user": bearer.user_id, "expires": expires_at}
    await audit.append(work, [audit.Entry("api_token.issued", "apiToken", token_id, details=details)])
    return ApiToken(token_id, text, expires_at)


async def make_room(work: Work, client_id: UUID) -> None:
    """End the oldest tokens of a client, so that with the next one it has no more than it may."""
    live = sa.and_(session.c.client_id == client_id, session.c.closed_at.is_(None), session.c.expires_at > work.now)
    newest_first = sa.select(session.c.id).where(live).order_by(session.c.created_at.desc(), session.c.id.desc())
    for row in await work.session.rows(newest_first.offset(MOST_OF_CLIENT - 1)):
        await identity.close_session(work, row["id"], reason="too many tokens")


async def forget_old(work: Work) -> int:
    """Drop the tokens that ended long ago, with their sessions; audit entries keep what they said. How many went."""
    long_ago = work.now - KEPT
    ended = sa.or_(session.c.closed_at < long_ago, session.c.expires_at < long_ago)
    of_tokens = session.c.id.in_(sa.select(api_token.c.id))
    return await work.session.execute(sa.delete(session).where(of_tokens, ended))


async def revoke_api_token(work: Work, token_id: UUID) -> None:
    """End a token: one's own, or anybody's as an administrator. Ending it twice changes nothing."""
    identity.refuse_token(work)
    owner = await work.session.row(sa.select(api_token.c.user_id).where(api_token.c.id == token_id))
    if owner is None:
        raise ApiTokenNotFound
    if owner["user_id"] != work.principal.id and not (await permissions.policy(work)).may_define:
        raise ApiTokenNotFound
    if await identity.close_session(work, token_id, reason="token revoked"):
        await audit.append(work, [audit.Entry("api_token.revoked", "apiToken", token_id)])


async def recall(work: ReadWork, token_id: UUID) -> ApiToken:
    """What was answered once, without the token: that is not kept."""
    mine = sa.and_(api_token.c.id == token_id, api_token.c.user_id == work.principal.id)
    return ApiToken(token_id, None, await work.session.scalar(sa.select(api_token.c.expires_at).where(mine)))


def _live_of(work: Work) -> sa.Select[int]:
    live = sa.and_(
        session.c.user_id == work.principal.id, session.c.closed_at.is_(None), session.c.expires_at > work.now
    )
    return sa.select(sa.func.count()).select_from(api_token.join(session, session.c.id == api_token.c.id)).where(live)
