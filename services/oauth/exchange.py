"""The client-credentials grant as a verb: a client shows its secret and gets a token for an hour.

An unknown client and a wrong secret take the same steps, cost the same statements and get the same answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.oauth import client
from services import audit, identity
from services.identity import Bearer, throttle
from services.oauth import api_tokens, secrets
from services.oauth.granting import TOKEN_SECONDS, ClientValues, Granted, TokenRequest, grant
from tenants.ids import record_id

if TYPE_CHECKING:
    import asyncpg

    from services.identity import Transact
    from services.oauth.api_tokens import ApiToken
    from tenants.context import Work

_NOBODY = UUID(int=0)


async def exchange(write: Transact, request: TokenRequest) -> Granted:
    """The answer of the token endpoint. A refusal commits as well: it stays counted, and its audit entry stays."""
    return await write(lambda work: _exchange(work, request))


async def _exchange(work: Work, request: TokenRequest) -> Granted:
    who = f"{request.client_id} {work.origin.address}"
    blocks = await throttle.count_attempt(work, who, throttle.PER_CLIENT)
    values = _values(work, await work.session.row(_live(record_id(request.client_id) or _NOBODY)))
    granted = grant(request, values)
    if granted.is_wrong_secret:
        refused = audit.Entry("client.refused", "client", values.id)
        await audit.append(work, [refused, *(each.entry("client.blocked", "client", values.id) for each in blocks)])
    if not values.is_proven or values.id is None:
        return granted
    await throttle.take_back(work, who, throttle.PER_CLIENT)
    if not granted.scopes:
        return granted
    text, made = await _store(work, granted, values.id)
    # The session's row refers to the client's: had the secret just been replaced, storing it waited for that, and
    # whoever replaces it from now on sees the session and closes it.
    now = _values(work, await work.session.row(_live(values.id)))
    if now.secret_hash != values.secret_hash:
        await identity.close_session(work, made.id, reason="client secret replaced")
        return grant(request, now)
    return Granted(granted.status, {**granted.body, "access_token": text}, granted.headers, granted.scopes)


async def _store(work: Work, granted: Granted, client_id: UUID) -> tuple[str, ApiToken]:
    text, bearer = secrets.make(secrets.CLIENT_TOKEN), Bearer(client_id=client_id)
    expires_at = work.now + timedelta(seconds=TOKEN_SECONDS)
    await api_tokens.make_room(work, client_id)
    return text, await api_tokens.keep(work, text, bearer, {"scopes": list(granted.scopes)}, expires_at)


def _values(work: Work, found: asyncpg.Record | None) -> ClientValues:
    if found is None:
        return ClientValues(None, (), bytes(32), work.now, work.now)
    return ClientValues(found["id"], found["scopes"], found["secret_hash"], found["secret_expires_at"], work.now)


def _live(client_id: UUID) -> sa.Select[tuple[object, ...]]:
    return sa.select(client).where(client.c.id == client_id, client.c.state == "active")
