"""The cell and the broker of this test worker, with nothing waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import redis

from tests.builders.background import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.installation import Installation
    from tenants.settings import BrokerSettings, Settings


@pytest.fixture
async def cell(installation: Installation) -> Cell:
    (name,) = await installation.catalog.cells()
    found = Cell(installation, name)
    await found.clear()
    return found


@pytest.fixture
def broker_settings(settings: Settings) -> Iterator[BrokerSettings]:
    """Valkey with nothing in it; hints need nothing to be in it."""
    client = redis.Redis.from_url(settings.broker.url)
    client.flushdb()
    yield settings.broker
    client.flushdb()
    client.close()
