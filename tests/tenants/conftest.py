"""A bare tenant without a pack, and an installation of its own for tests that change what all tenants share."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tenants import administration, preparation
from tenants.claims import NewTenant
from tenants.installation import Installation
from tests.tenants.bare import Bare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.connection import Connection
    from tenants.provisioning import Provisioner
    from tenants.settings import Settings

_prefixes = itertools.count(1)
_slugs = itertools.count(1)


@pytest.fixture
async def bare(installation: Installation, provisioner: Provisioner) -> Bare:
    """A fresh tenant with its fixed tables and nothing in them."""
    return await _made(installation, provisioner)


@pytest.fixture(scope="module")
async def shared_bare(installation: Installation, provisioner: Provisioner) -> Bare:
    """One for the tests of a module that leave its versions, its settings and its shape as they are."""
    return await _made(installation, provisioner)


async def _made(installation: Installation, provisioner: Provisioner) -> Bare:
    slug = f"bare-{next(_slugs)}"
    return Bare(installation, await provisioner.provision(NewTenant(slug, slug)))


@pytest.fixture
def own_settings(settings: Settings) -> Settings:
    """The settings of a second installation on the same server, not prepared yet."""
    return replace(settings, database=replace(settings.database, prefix=f"own{next(_prefixes)}"))


@pytest.fixture
async def own(own_settings: Settings) -> AsyncIterator[Installation]:
    """A second installation on the same server, of this test alone."""
    await preparation.prepare(own_settings)
    async with Installation.open(own_settings) as opened:
        yield opened


@pytest.fixture
async def administrator(installation: Installation) -> AsyncIterator[Connection]:
    """The administrator in the first cell."""
    database = installation.settings.database
    async with administration.connected(administration.administrator(database, database.first_cell)) as connection:
        yield connection
