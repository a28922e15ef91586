from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.identity import sign_in_failure
from schema.tables.permissions import user
from tenants.transactions import Transactions
from tests.builders.callers import Caller
from tests.builders.clocks import StandingClock
from tests.builders.tenants import make_tenant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.tenants import Tenant


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(datetime.now(UTC))


def as_system(tenant: Tenant, clock: StandingClock) -> Caller:
    installation = tenant.installation
    return Caller(Transactions(installation.databases, installation.cache, clock=clock), tenant.placement)


@pytest.fixture
def system(company: Tenant, clock: StandingClock) -> Caller:
    """Where the tests of a module take on people of their own."""
    return as_system(company, clock)


@pytest.fixture
def alone(tenant: Tenant, clock: StandingClock) -> Caller:
    """Where only the test itself takes administrators on."""
    return as_system(tenant, clock)


@pytest.fixture(scope="session")
async def people(installation: Installation, provisioner: Provisioner) -> Tenant:
    """A tenant for tests that need users of their own and nothing else of it."""
    return await make_tenant(installation, provisioner, slug="people", staff={})


@pytest.fixture
async def reception(people: Tenant, clock: StandingClock) -> AsyncIterator[Caller]:
    """The shared tenant; afterwards every mail address in it is free again and nobody is blocked."""
    yield as_system(people, clock)
    renamed = sa.update(user).values(email=sa.cast(user.c.id, sa.Text))
    await people.define(lambda work: work.session.execute(renamed))
    await people.define(lambda work: work.session.execute(sa.delete(sign_in_failure)))


@pytest.fixture
def other_system(other_tenant: Tenant, clock: StandingClock) -> Caller:
    return as_system(other_tenant, clock)
