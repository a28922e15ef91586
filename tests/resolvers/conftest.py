"""One tenant for the tests of a module, and clients of its staff."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.builders.tenants import make_tenant
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.applications import Starlette

    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.tenants import Tenant


@pytest.fixture(scope="module")
async def company(installation: Installation, provisioner: Provisioner) -> Tenant:
    """The tests of a module write here, each under names of its own."""
    return await make_tenant(installation, provisioner)


@pytest.fixture
async def person(app: Starlette, company: Tenant) -> AsyncIterator[Callable[[str], Awaitable[Client]]]:
    """`await person("sales")` is a client of one of the company's staff; `await person("")` is nobody in particular."""
    async with AsyncExitStack() as stack:

        async def make(name: str) -> Client:
            http = await stack.enter_async_context(http_for(app, company.placement.slug))
            return Client(http, await company.token(name) if name else "")

        yield make
