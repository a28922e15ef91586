"""The logins of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.connection import connect
from tenants.logins import login_role, tenants_group

if TYPE_CHECKING:
    from tenants.installation import Installation


def test_roles_are_named_after_the_cell() -> None:
    assert (login_role("kezhi_cell_1", "relay"), tenants_group("kezhi_cell_1")) == (
        "kezhi_cell_1_relay",
        "kezhi_cell_1_tenants",
    )


@pytest.mark.integration
@pytest.mark.parametrize("name", ["runtime_01", "definer", "relay", "sequencer", "exporter"])
async def test_login_signs_in_with_what_the_catalog_keeps_sealed(installation: Installation, name: str) -> None:
    cell = installation.settings.database.first_cell

    connection = await connect(await installation.catalog.login_address(cell, name))
    user = await connection.fetchval("SELECT current_user::text")
    await connection.close()

    assert user == login_role(cell, name)
