from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tenants.transactions import Transactions
from tests.builders.callers import Caller
from tests.builders.clocks import StandingClock

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(datetime.now(UTC))


def as_system(tenant: Tenant, clock: StandingClock) -> Caller:
    installation = tenant.installation
    return Caller(Transactions(installation.databases, installation.cache, clock=clock), tenant.placement)


@pytest.fixture
def system(tenant: Tenant, clock: StandingClock) -> Caller:
    return as_system(tenant, clock)


@pytest.fixture
def other_system(other_tenant: Tenant, clock: StandingClock) -> Caller:
    return as_system(other_tenant, clock)
