"""Partner clients: registered, changed, given a new secret and revoked by administrators.

A client has one role and some scopes; its tokens do what both allow. Changing it moves `access_version`, so that tokens
that are out already feel it at their next statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.errors import NameTaken
from schema.metadata.fields import Field, Relation
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.oauth import client
from schema.tables.permissions import role
from services import audit, identity
from services.identity import access, inputs
from services.oauth import asked, secrets
from services.oauth.errors import ClientNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tenants.context import DefinitionWork, ReadWork, Work

MOST_DAYS = 730
_NUMBER = SYSTEM_OBJECTS["client"][1].number
_NAME = inputs.Input(Field("name", "text", required=True), "name")
_ROLE = inputs.Input(Field("roleId", "relation", required=True, relation=Relation("role", "")), "role_id", role)


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """What a client signs in with; the secret itself is there only where it was just made."""

    client_id: UUID
    secret: str | None
    expires_at: datetime


async def create_client(work: DefinitionWork, given: Mapping[str, object], *, secret_days: int) -> ClientSecret:
    """Register a partner's system; its secret is shown this once."""
    await access.move(work)
    expires_at = work.now + secrets.lifetime(secret_days, "secretDays", most=MOST_DAYS)
    values = await _read(work, given, creating=True)
    client_id, secret = work.ids.new(_NUMBER), secrets.make(secrets.CLIENT_SECRET)
    row = {**values, "id": client_id, "secret_hash": secrets.digest(secret), "secret_expires_at": expires_at}
    await work.session.execute(sa.insert(client).values(row))
    await audit.append(work, [audit.Entry("client.created", "client", client_id, details=values)])
    return ClientSecret(client_id, secret, expires_at)


async def update_client(work: Work, client_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """Change name, role or scopes. Missing is untouched. Also of a revoked one, which would hold its name and role for ever."""
    await access.move(work)
    if not await work.session.scalar(sa.select(client.c.id).where(client.c.id == client_id)):
        raise ClientNotFound
    values = await _read(work, given, creating=False, client_id=client_id)
    before = await access.update_versioned(work, client, client_id, values, if_version=if_version)
    details = {**values, "before": before}
    await audit.append(work, [audit.Entry("client.updated", "client", client_id, details=details)])


async def rotate_client_secret(work: DefinitionWork, client_id: UUID, *, secret_days: int) -> ClientSecret:
    """Give a client a new secret; the one before and every token that came of it end at once."""
    await access.move(work)
    await _require_live(work, client_id)
    expires_at = work.now + secrets.lifetime(secret_days, "secretDays", most=MOST_DAYS)
    secret = secrets.make(secrets.CLIENT_SECRET)
    values = {"secret_hash": secrets.digest(secret), "secret_expires_at": expires_at}
    await access.update_versioned(work, client, client_id, values, if_version=None)
    await identity.close_client_sessions(work, client_id, reason="client secret rotated")
    await audit.append(work, [audit.Entry("client.secret_rotated", "client", client_id)])
    return ClientSecret(client_id, secret, expires_at)


async def revoke_client(work: Work, client_id: UUID, *, if_version: int | None) -> None:
    """Lock a client out for good, with every token that it has."""
    await access.move(work)
    await _require_live(work, client_id)
    await access.update_versioned(work, client, client_id, {"state": "revoked"}, if_version=if_version)
    await identity.close_client_sessions(work, client_id, reason="client revoked")
    await audit.append(work, [audit.Entry("client.revoked", "client", client_id)])


async def recall(work: ReadWork, client_id: UUID) -> ClientSecret:
    """What was answered once, without the secret: that is not kept."""
    await identity.require_definer(work)
    found = await work.session.scalar(sa.select(client.c.secret_expires_at).where(client.c.id == client_id))
    return ClientSecret(client_id, None, found)


async def _read(
    work: Work, given: Mapping[str, object], *, creating: bool, client_id: UUID | None = None
) -> dict[str, object]:
    draft = await inputs.read(work, (_NAME, _ROLE), given, creating=creating)
    if creating or "scopes" in given:
        draft.values["scopes"] = await asked.scopes(work, draft, given.get("scopes"))
    if "name" in draft.values and await work.session.scalar(_named(draft.values["name"], client_id)):
        draft.refuse("name", NameTaken(name=str(draft.values["name"])))
    return draft.accepted()


async def _require_live(work: Work, client_id: UUID) -> None:
    live = sa.select(client.c.id).where(client.c.id == client_id, client.c.state == "active")
    if not await work.session.scalar(live):
        raise ClientNotFound


def _named(name: object, client_id: UUID | None) -> sa.Select[UUID]:
    others = sa.true() if client_id is None else client.c.id != client_id
    return sa.select(client.c.id).where(client.c.name == name, others)
