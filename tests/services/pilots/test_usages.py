"""[A10] Whoever is about to change something is told of the pilots that cover it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import metadata
from tests.builders import pilots as building
from tests.builders.metadata import add_field

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_running_pilot_is_told_of_what_it_covers_alone(company: Tenant) -> None:
    field, other = [(await add_field(company, name=each)).field_name for each in ("told", "untold")]
    started = await building.start(company, f"customer.{field}", title="试用")

    async def told(name: str) -> list[tuple[str, str, object]]:
        found = await company.read(lambda work: metadata.impact_of(work, "customer", name), person="admin")
        return [(each.kind, each.name, each.id) for each in found.usages]

    assert await told(field) == [("pilot", "试用", started.id)]
    assert await told(other) == []
