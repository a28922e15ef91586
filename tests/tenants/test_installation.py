"""An installation holds what a process needs, and gives it back. That it refuses weak cells is in tests/isolation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.connection import DatabaseUnavailable
from tenants.context import SYSTEM
from tenants.installation import Installation
from tenants.settings import DatabaseSettings, Settings
from tests.tenants.bare import ORIGIN

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tests.tenants.bare import Bare


@pytest.mark.integration
async def test_closed_installation_holds_no_connection(bare: Bare, settings: Settings) -> None:
    async def schema_of(work: ReadWork) -> str:
        return work.session.schema

    async with Installation.open(settings) as opened:
        found = await opened.transactions.read(bare.placement, SYSTEM, ORIGIN, schema_of)
        open_inside = opened.databases.idle

    assert (found, open_inside, opened.databases.idle) == (bare.placement.schema, 1, 0)


async def test_installation_without_a_server_does_not_open() -> None:
    nowhere = Settings(DatabaseSettings("postgresql://nobody@127.0.0.1:1/postgres"), bytes(32))

    with pytest.raises(DatabaseUnavailable):
        async with Installation.open(nowhere):
            pass
