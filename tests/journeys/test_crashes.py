"""What was acknowledged is there after a crash, with everything that belongs to it, and can be asked for again."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from httpx2 import AsyncClient, Limits, TransportError

from cli import postgres
from tenants import preparation
from tenants.installation import Installation
from tenants.provisioning import Provisioner
from tenants.settings import Settings
from tests.builders.processes import api
from tests.builders.tenants import make_tenant
from tests.clients import Client
from tests.conftest import MASTER_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cli.postgres import Postgres
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

WRITES = 1_000
BEFORE_THE_CRASH = 300
AT_ONCE = 100
SENT_AGAIN = 100
CREATE = """mutation ($key: String!, $name: String!) {
  createCustomer(input: {clientMutationId: $key, record: {name: $name}}) { customer { id } errors { code } }
}"""
# How a caller learns that nothing is sure: the connection ends, or the API says so.
REFUSALS = {"api": {"ConnectError", "ReadError", "RemoteProtocolError"}, "postgres": {"DATABASE_UNAVAILABLE"}}
# Each table and what names the customer in it.
TRACES = {
    "{schema}.record_history": "record_id::text WHERE verb = 'created' AND version = 1",
    "{schema}.audit_entry": "record_id::text WHERE action = 'customer.created'",
    "{schema}.change": "record_id::text WHERE kind = 'created'",
    "kezhi.outbox": "jsonb_array_elements_text(payload -> 'ids') WHERE tenant = '{schema}' AND message = 'record.created'",
}


@dataclass(slots=True)
class House:
    """A server whose commits are on disk, and what is needed to ask it."""

    folder: Path
    broker_url: str
    binaries: Path | None
    server: Postgres

    @property
    def settings(self) -> Settings:
        return Settings.from_environ({
            "DATABASE_URL": self.server.url, "BROKER_URL": self.broker_url, "KEZHI_MASTER_KEY": MASTER_KEY,
        })  # fmt: skip

    def restart(self) -> None:
        self.server.child.process.wait()
        self.server = postgres.start(self.folder, binaries=self.binaries)

    async def tenant(self, slug: str) -> tuple[Tenant, str]:
        """A tenant, and the token of its sales person."""
        await preparation.prepare(self.settings)
        async with Installation.open(self.settings) as installation, Provisioner.open(self.settings) as provisioner:
            made = await make_tenant(installation, provisioner, slug=slug, staff={"sales": ("sales", "")})
            return made, await made.token("sales")

    async def customers(self, schema: str) -> set[str]:
        return set(await self._ids(f"SELECT id::text FROM {schema}.customer"))  # noqa: S608 - our own schema

    async def traces(self, schema: str) -> dict[str, Counter[str]]:
        """How often each customer is named in each table."""
        found = {}
        for table, ids in TRACES.items():
            column, _, condition = ids.format(schema=schema).partition(" WHERE ")
            name = table.format(schema=schema)
            found[table] = Counter(await self._ids(f"SELECT {column} FROM {name} WHERE {condition}"))  # noqa: S608 - the same
        return found

    async def _ids(self, query: str) -> list[str]:
        connection = await asyncpg.connect(self.server.url, database="kezhi_cell_1")
        try:
            return [row[0] for row in await connection.fetch(query)]
        finally:
            await connection.close()


@pytest.fixture(scope="module")
def house(
    settings: Settings, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder, binaries = tmp_path_factory.mktemp("durable"), request.config.getoption("--postgres-binaries")
    house = House(folder, settings.broker.url, binaries, postgres.start(folder, binaries=binaries))
    yield house
    house.server.stop()


@dataclass(slots=True)
class Writer:
    """Sends the same thousand writes, each under an id of its own, and notes which were acknowledged."""

    client: Client
    acknowledged: dict[int, str]
    refusals: Counter[str]

    async def write(self, number: int, crash: Callable[[], None] | None) -> None:
        given = {"key": f"write-{number}", "name": f"公司{number}"}
        try:
            answer: dict[str, Any] = await self.client.ask(CREATE, given)  # Any: decoded JSON
        except TransportError as failure:
            self.refusals[type(failure).__name__] += 1
            return
        if "errors" in answer:
            self.refusals[answer["errors"][0]["extensions"]["code"]] += 1
            return
        self.acknowledged[number] = answer["data"]["createCustomer"]["customer"]["id"]
        if crash is not None and len(self.acknowledged) == BEFORE_THE_CRASH:
            crash()


async def write_all(
    url: str,
    tenant: Tenant,
    token: str,
    *,
    numbers: Sequence[int] = range(WRITES),
    crash: Callable[[], None] | None = None,
) -> Writer:
    """All of these writes, a hundred at once."""
    limits = Limits(max_connections=AT_ONCE)
    async with AsyncClient(
        base_url=url, headers={"X-Tenant": tenant.placement.slug}, limits=limits, timeout=60, trust_env=False
    ) as http:
        writer = Writer(Client(http, token), {}, Counter())
        await asyncio.gather(*(writer.write(number, crash) for number in numbers))
    return writer


@pytest.mark.parametrize("victim", ["api", "postgres"])
async def test_kill_in_the_middle_of_a_thousand_writes_loses_nothing_acknowledged(
    house: House, victim: str, tmp_path: Path
) -> None:
    tenant, token = await house.tenant(f"crash-{victim}")
    schema = tenant.placement.schema

    async with api(house.settings, tmp_path, 1) as (child, url):
        killed = child if victim == "api" else house.server.child
        first = await write_all(url, tenant, token, crash=killed.process.kill)
    if victim == "postgres":
        house.restart()
        await preparation.prepare(house.settings)
    survivors, traces = await house.customers(schema), await house.traces(schema)
    known = sorted(first.acknowledged)[:SENT_AGAIN]
    unsure = sorted(set(range(WRITES)) - set(first.acknowledged))[:SENT_AGAIN]
    async with api(house.settings, tmp_path, 2) as (_, url):
        again = await write_all(url, tenant, token, numbers=[*known, *unsure])

    assert BEFORE_THE_CRASH <= len(first.acknowledged) < WRITES
    assert set(first.acknowledged.values()) <= survivors
    assert traces == {table: Counter(survivors) for table in TRACES}
    assert set(first.refusals) <= REFUSALS[victim]
    # Sent again under the same id, what had happened is answered, and what had not happens.
    assert (set(again.acknowledged), again.refusals) == ({*known, *unsure}, Counter())
    assert {number: again.acknowledged[number] for number in known} == {n: first.acknowledged[n] for n in known}
    assert await house.customers(schema) == {*survivors, *again.acknowledged.values()}
