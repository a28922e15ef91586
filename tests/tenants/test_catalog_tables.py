"""The catalog's tables are proven by the migrations and by the catalog; here only what reads their rows."""

from __future__ import annotations

from tenants import statements
from tenants.catalog_tables import active_placements


def test_only_active_tenants_are_answered() -> None:
    bound = statements.bind(active_placements())

    assert bound.text.endswith('WHERE tenant.state = $1::VARCHAR COLLATE "C" ORDER BY tenant.cell, tenant.schema')
    assert bound.arguments == ("active",)
