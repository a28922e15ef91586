"""What a cell takes back from everybody. That it holds is shown in tests/isolation; here, what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.connection import connect
from tenants.hardening import weaknesses

if TYPE_CHECKING:
    from tenants.connection import Connection
    from tenants.installation import Installation

pytestmark = pytest.mark.integration


async def test_plain_database_is_told_as_it_is(installation: Installation) -> None:
    """The catalog is no cell: nothing of a tenant's runs there, and PostgreSQL's own grants stand."""
    connection = await connect(installation.catalog._address)
    found = await weaknesses(connection, [])
    await connection.close()

    assert [sentence for sentence in found if "set_config" in sentence] == [
        "PUBLIC may execute set_config(text,text,boolean)"
    ]
    assert "PUBLIC may read pg_stat_activity" in found
    assert "PUBLIC has USAGE of plpgsql" in found


@pytest.mark.parametrize(
    "function", ["now()", "convert_to(text,name)", "jsonb_build_object()", "extensions.similarity(text,text)"]
)
async def test_functions_that_the_product_uses_stay(administrator: Connection, function: str) -> None:
    query = "SELECT has_function_privilege('public', $1, 'EXECUTE')"

    assert await administrator.fetchval(query, function) is True
