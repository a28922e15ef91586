"""A secret for a token: what is stored, what is counted, and that a stranger learns nothing from the work done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.identity import session, sign_in_failure
from schema.tables.oauth import api_token
from services import oauth
from services.identity import Bearer
from services.oauth import TokenRequest, api_tokens, secrets
from services.oauth.exchange import _exchange
from tenants.session import Session
from tests.builders import oauth as build

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from services.oauth import ClientSecret, Granted
    from tenants.context import Work
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


async def test_the_fifth_wrong_secret_blocks_and_is_told(tenant: Tenant) -> None:
    client = await registered(tenant)

    for _ in range(5):
        await oauth.exchange(tenant.write, request(client.client_id, "kzs_wrong"))

    told = sa.select(audit_entry.c.action).where(audit_entry.c.record_id == client.client_id)
    kept = await tenant.read(lambda work: work.session.rows(told.order_by(audit_entry.c.id)))
    assert [row["action"] for row in kept] == ["client.created", *["client.refused"] * 5, "client.blocked"]


async def test_secret_that_is_replaced_while_it_is_shown_gives_no_token(tenant: Tenant) -> None:
    client = await registered(tenant)
    begun, replaced = asyncio.Event(), asyncio.Event()

    class Slow(Noting):
        """Goes on after the client was read, when its secret is another one."""

        async def fetch(self, bound: BoundSql) -> list[asyncpg.Record]:
            found = await super().fetch(bound)
            if "client.secret_hash" in bound.text and not begun.is_set():
                begun.set()
                await replaced.wait()
            return found

    async def slowly(work: Work) -> Granted:
        slow = replace(work, session=Slow(work.session, []))
        return await _exchange(slow, request(client.client_id, client.secret))

    asking = asyncio.create_task(tenant.write(slowly))
    await begun.wait()
    await tenant.define(lambda work: oauth.rotate_client_secret(work, client.client_id, secret_days=1))
    replaced.set()

    assert ((await asking).body["error"], (await asking).is_wrong_secret) == ("invalid_client", True)
    live = sa.select(sa.func.count()).where(session.c.client_id == client.client_id, session.c.closed_at.is_(None))
    assert await tenant.read(lambda work: work.session.scalar(live)) == 0


async def test_a_client_has_so_many_live_tokens_and_its_oldest_end(tenant: Tenant) -> None:
    client = await registered(tenant)
    bearer, kept = Bearer(client_id=client.client_id), {"scopes": ["customer:read"]}

    async def fill(work: Work) -> list[UUID]:
        until = work.now + timedelta(hours=1)
        return [
            (await api_tokens.keep(work, f"kzc_{number}", bearer, kept, until)).id
            for number in range(api_tokens.MOST_OF_CLIENT + 1)
        ]

    oldest = (await tenant.write(fill))[:2]
    await oauth.exchange(tenant.write, request(client.client_id, client.secret))

    of_client = sa.select(session.c.id, session.c.closed_at).where(session.c.client_id == client.client_id)
    found = await tenant.read(lambda work: work.session.rows(of_client.order_by(session.c.id)))
    assert [row["id"] for row in found if row["closed_at"]] == oldest
    assert len(found) == api_tokens.MOST_OF_CLIENT + 2


async def test_tokens_that_ended_long_ago_go_with_their_sessions(tenant: Tenant) -> None:
    client = await registered(tenant)
    await oauth.exchange(tenant.write, request(client.client_id, client.secret))
    left = sa.select(
        sa.select(sa.func.count()).select_from(api_token).scalar_subquery(),
        sa.select(sa.func.count()).where(session.c.client_id.is_not(None)).scalar_subquery(),
    )

    async def later(work: Work, days: int) -> tuple[int, list[int]]:
        gone = await oauth.forget_old(replace(work, now=work.now + timedelta(days=days)))
        (row,) = await work.session.rows(left)
        return gone, list(row)

    assert await tenant.write(lambda work: later(work, 30)) == (0, [1, 1])
    assert await tenant.write(lambda work: later(work, 31)) == (1, [0, 0])
