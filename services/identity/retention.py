"""What sign-in leaves behind and nobody needs any more: tokens of ended sessions, failures that count no more.

Sessions themselves stay: audit entries point at them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.identity import refresh_token, session, sign_in_failure
from services.identity import throttle

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.context import Work

# Long enough for a theft to be looked into.
KEPT = timedelta(days=30)


async def forget_old(work: Work) -> int:
    """How many rows went; running twice finds nothing more."""
    tokens = await work.session.execute(_tokens_of_ended_sessions(work.now))
    return tokens + await work.session.execute(_outdated_failures(work.now))


def _tokens_of_ended_sessions(now: datetime) -> sa.Delete:
    ended = sa.select(session.c.id).where(sa.or_(session.c.closed_at < now - KEPT, session.c.expires_at < now - KEPT))
    return sa.delete(refresh_token).where(refresh_token.c.session_id.in_(ended))


def _outdated_failures(now: datetime) -> sa.Delete:
    return sa.delete(sign_in_failure).where(sign_in_failure.c.last_at < now - throttle.MEMORY)
