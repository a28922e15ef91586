"""Access tokens: a signed note of who the bearer is and in which session, good for minutes, of one tenant only.

Rights are not in it; they are read from the tenant at each request, and so is whether the session is still open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from services import audit
from tenants.context import Principal, PrincipalKind
from tenants.keys import InvalidToken, WrongTenant

if TYPE_CHECKING:
    from services.identity.sessions import OpenSession
    from services.identity.transact import Transact
    from tenants.keys import Claim, TokenKeys
    from tenants.placement import Placement
    from tenants.settings import TokenSettings


_FOREIGN = {"reason": "of another tenant"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client keeps after signing in."""

    access_token: str
    refresh_token: str
    # When the access token ends.
    expires_at: datetime


async def issue(keys: TokenKeys, placement: Placement, settings: TokenSettings, opened: OpenSession) -> Tokens:
    """The tokens of a session that was just opened or renewed."""
    expires_at = opened.issued_at + timedelta(seconds=settings.access_seconds)
    access_token = await keys.sign(
        placement,
        {
            "sub": str(opened.user_id),
            "sid": str(opened.id),
            "zone": opened.zone,
            "iat": int(opened.issued_at.timestamp()),
            "exp": int(expires_at.timestamp()),
        },
    )
    return Tokens(access_token, opened.refresh_token, expires_at.replace(microsecond=0))


async def authenticate(keys: TokenKeys, placement: Placement, bearer: str, write: Transact) -> Principal:
    """Who presents the token; `InvalidToken`, `ExpiredToken` or `WrongTenant` if it is none of this tenant's live ones.

    A live token of another tenant leaves an audit entry in this one, once however often it is tried: `write` is a
    transaction here. Whether the session is still open is checked by the unit of work, in the transaction that answers.
    """
    try:
        claims = await keys.verify(placement, bearer)
    except WrongTenant:
        if keys.is_first_refusal(placement, bearer):
            # Neither the other tenant nor its user is told here.
            await write(lambda work: audit.append(work, [audit.Entry("token.refused", details=_FOREIGN)]))
        raise
    try:
        return _user(claims["sub"], claims["sid"], claims.get("zone"))
    except (KeyError, ValueError, TypeError):
        # A claim is missing, no id, or nothing that could be one.
        raise InvalidToken from None


@lru_cache(maxsize=4096)
def _user(user_id: Claim, session_id: Claim, zone: Claim) -> Principal:
    return Principal(PrincipalKind.USER, UUID(str(user_id)), UUID(str(session_id)), zone=str(zone or ""))
