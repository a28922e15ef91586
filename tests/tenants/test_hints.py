"""Wake-ups: who listens hears a tenant's name; nobody fails when there is nobody to hear or nothing to speak through."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tenants.context import TenantId
from tenants.hints import Hints
from tenants.placement import Placement

if TYPE_CHECKING:
    from tenants.settings import Settings

PLACEMENT = Placement(TenantId(UUID(int=1)), "demo", "local", "kezhi_cell_1", "t_abc", "runtime_01")


@pytest.mark.integration
async def test_listener_hears_cell_and_schema(settings: Settings) -> None:
    speaker, listener = Hints(settings.broker.hint_url), Hints(settings.broker.hint_url)

    async def first() -> tuple[str, str]:
        async for heard in listener.listen():
            return heard
        raise AssertionError

    async def speak_until_heard(heard: asyncio.Task[tuple[str, str]]) -> None:
        # What is published before the subscription stands is lost, as it may be.
        while not heard.done():
            await speaker.publish(PLACEMENT)
            await asyncio.wait([heard], timeout=0.05)

    heard = asyncio.create_task(first())
    await speak_until_heard(heard)
    await speaker.close()
    await listener.close()

    assert heard.result() == ("kezhi_cell_1", "t_abc")


async def test_without_an_address_it_is_silent() -> None:
    hints = Hints("")

    await hints.publish(PLACEMENT)
    assert [heard async for heard in hints.listen()] == []
    await hints.close()


async def test_lost_hint_fails_nothing() -> None:
    hints = Hints("redis://127.0.0.1:1/0")

    await hints.publish(PLACEMENT)
    await hints.close()
