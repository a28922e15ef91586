"""The cell's tables: what a tenant hands over is under its own name."""

from __future__ import annotations

from tenants.cells import cell_metadata


def test_name_of_the_tenant_is_the_role_that_inserts() -> None:
    named = {
        table.name: str(table.c.tenant.server_default.arg)  # type: ignore[union-attr]
        for table in cell_metadata.tables.values()
        if "tenant" in table.c
    }

    assert named == dict.fromkeys(("outbox", "timer_request", "timers", "touched"), "CURRENT_USER")
