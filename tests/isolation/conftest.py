"""Two bare tenants, each with one table of its own secrets, and the administrator who may look at everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants import administration
from tenants.claims import NewTenant
from tests.isolation.attacker import Attacker, secrets_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.connection import Connection
    from tenants.installation import Installation
    from tenants.provisioning import Provisioner


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
