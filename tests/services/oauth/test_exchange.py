"""A secret for a token: what is stored, what is counted, and that a stranger learns nothing from the work done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.identity import session, sign_in_failure
from schema.tables.oauth import api_token
from services import oauth
from services.oauth import TokenRequest, secrets
from services.oauth.exchange import _exchange
from tenants.session import Session
from tests.builders import oauth as build

if TYPE_CHECKING:
    import asyncpg

    from services.oauth import ClientSecret, Granted
    from tenants.sql import BoundSql
    from tests.builders.tenants import Tenant

STRANGER = "019a0000-0000-7000-8000-000000000000"


class Noting(Session):
    """A session that notes the statements that go through it."""

    def __init__(self, session: Session, told: list[str]) -> None:
        self.schema = session.schema
        self._through = session
        self._told = told

    async def fetch(self, bound: BoundSql) -> list[asyncpg.Record]:
        self._told.append(bound.text)
        return await self._through.fetch(bound)

    async def run(self, bound: BoundSql) -> int:
        self._told.append(bound.text)
        return await self._through.run(bound)


async def registered(tenant: Tenant) -> ClientSecret:
    role_id = await build.role_id(tenant, "director")
    given = {"name": "P", "roleId": role_id, "scopes": ["customer:read"]}
    return await tenant.define(lambda work: oauth.create_client(work, given, secret_days=1))


def request(client_id: object, secret: str | None) -> TokenRequest:
    form = {"grant_type": "client_credentials", "client_id": str(client_id), "client_secret": secret or ""}
    return TokenRequest(form)


async def test_token_is_stored_as_a_hash_with_its_session(tenant: Tenant) -> None:
    client = await registered(tenant)

    granted = await oauth.exchange(tenant.write, request(client.client_id, client.secret))

    text = str(granted.body["access_token"])
    joined = sa.select(api_token, session.c.closed_at).join(session, session.c.id == api_token.c.id)
    (row,) = await tenant.read(lambda work: work.session.rows(joined))
    assert (row["hash"], row["client_id"], row["user_id"]) == (secrets.digest(text), client.client_id, None)
    assert (row["scopes"], row["closed_at"]) == (["customer:read"], None)
    assert (row["expires_at"] - row["created_at"]).total_seconds() == 3600
    kept = await tenant.read(lambda work: work.session.rows(sa.select(audit_entry.c.action, audit_entry.c.body)))
    assert [each["action"] for each in kept][-2:] == ["client.created", "api_token.issued"]
    assert not any(text.encode() in each["body"] or str(client.secret).encode() in each["body"] for each in kept)


async def test_unknown_client_and_wrong_secret_cost_the_same_statements(tenant: Tenant) -> None:
    client = await registered(tenant)
    told: dict[str, list[str]] = {}

    async def tried(client_id: object) -> Granted:
        asked = request(client_id, "kzs_wrong")
        noted = told.setdefault(asked.client_id, [])
        return await tenant.write(lambda work: _exchange(replace(work, session=Noting(work.session, noted)), asked))

    wrong, unknown = await tried(client.client_id), await tried(STRANGER)

    assert wrong == unknown
    assert told[str(client.client_id)] == told[STRANGER]
    assert len(told[STRANGER]) == 3


async def test_right_secret_forgets_the_failures_and_a_wrong_one_leaves_an_entry(tenant: Tenant) -> None:
    client = await registered(tenant)

    await oauth.exchange(tenant.write, request(client.client_id, "kzs_wrong"))
    counted = await tenant.read(lambda work: work.session.scalar(sa.select(sa.func.sum(sign_in_failure.c.failures))))
    await oauth.exchange(tenant.write, request(client.client_id, client.secret))

    left = await tenant.read(lambda work: work.session.rows(sa.select(sign_in_failure.c.failures)))
    refused = sa.select(audit_entry.c.record_id).where(audit_entry.c.action == "client.refused")
    assert (counted, left) == (1, [])
    assert [row[0] for row in await tenant.read(lambda work: work.session.rows(refused))] == [client.client_id]
