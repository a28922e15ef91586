"""The cell of this test worker, with nothing waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.background import Cell

if TYPE_CHECKING:
    from tenants.installation import Installation


@pytest.fixture
async def cell(installation: Installation) -> Cell:
    (name,) = await installation.catalog.cells()
    found = Cell(installation, name)
    await found.clear()
    return found
