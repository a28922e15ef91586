from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.permissions import Verb
from services.records.targets import Target, open_target

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


@pytest.fixture
async def customers(shared_tenant: Tenant) -> Target:
    """The object customer as the system writes it; its transaction is over, so for pure functions only."""
    return await shared_tenant.write(lambda work: open_target(work, "customer", Verb.CREATE))


@pytest.fixture
async def own_customers(shared_tenant: Tenant) -> Target:
    """The same for a sales person."""
    return await shared_tenant.write(lambda work: open_target(work, "customer", Verb.CREATE), person="sales")
