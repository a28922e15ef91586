"""Two bare tenants, each with one table of its own secrets, and the administrator who may look at everything."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tenants import administration
from tenants.claims import NewTenant
from tests.builders.tenants import make_tenant
from tests.clients import Client, http_for
from tests.isolation.attacker import Attacker, secrets_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.applications import Starlette

    from tenants.connection import Connection
    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.tenants import Tenant


@pytest.fixture(scope="session")
async def attacker(installation: Installation, provisioner: Provisioner) -> Attacker:
    """Somebody who can put any text into a statement of one tenant, and wants the other's secrets."""
    own = await provisioner.provision(NewTenant("attacker", "Attacker"), secrets_of("mine"))
    victim = await provisioner.provision(NewTenant("victim", "Victim"), secrets_of("theirs"))
    return Attacker(installation, own, victim)


@pytest.fixture
async def administrator(attacker: Attacker) -> AsyncIterator[Connection]:
    address = administration.administrator(attacker.installation.settings.database, attacker.own.cell)
    async with administration.connected(address) as connection:
        yield connection


@pytest.fixture(scope="session")
async def neighbour(installation: Installation, provisioner: Provisioner) -> Tenant:
    """A tenant equal in shape to the shared one; whatever it holds must never be seen there."""
    return await make_tenant(installation, provisioner, slug="neighbour")


@pytest.fixture
async def call(app: Starlette, shared_tenant: Tenant) -> AsyncIterator[Callable[..., Awaitable[Client]]]:
    """`await call("sales")` calls the shared tenant as that person, in a new session; `of=` names another tenant."""
    async with AsyncExitStack() as stack:

        async def make(person: str = "", *, of: Tenant = shared_tenant) -> Client:
            http = await stack.enter_async_context(http_for(app, of.placement.slug))
            return Client(http, await of.token(person) if person else "")

        yield make
