"""Clients and tokens whose scopes name an object or a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.oauth import api_token, client
from services import metadata
from services.metadata import Usage
from services.oauth import scopes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.metadata import Subject
    from tenants.context import ReadWork

CLIENT, TOKEN = "client", "token"


async def clients(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Partner clients that may still ask."""
    rows = await work.session.rows(sa.select(client).where(client.c.state == "active"))
    return [
        Usage(CLIENT, row["name"], row["id"], breaks=subject.is_gone) for row in rows if _names(row["scopes"], subject)
    ]


async def tokens(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Tokens that have not ended."""
    live = sa.and_(api_token.c.revoked_at.is_(None), api_token.c.expires_at > work.now)
    rows = await work.session.rows(sa.select(api_token).where(live))
    return [
        Usage(TOKEN, row["name"], row["id"], breaks=subject.is_gone) for row in rows if _names(row["scopes"], subject)
    ]


def _names(given: Sequence[str], subject: Subject) -> bool:
    found = [scope for text in given if (scope := scopes.parse(text)) is not None]
    return subject.is_named_by((each.object_name, each.part) for each in found)


metadata.provide_usages(CLIENT, clients)
metadata.provide_usages(TOKEN, tokens)
