"""Heads of audit chains, signed and kept outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import heads
from services import audit
from services.audit import Head
from tenants.keys import is_genuine

if TYPE_CHECKING:
    from tenants.installation import Installation
    from tests.builders.tenants import Tenant


async def test_a_head_is_signed_once_and_the_signature_is_the_installations(
    installation: Installation, tenant: Tenant
) -> None:
    moved = {tenant.placement: Head(3, b"h" * 32)}

    for _ in range(2):
        assert await heads.across_tenants_sign(installation.catalog, installation.audit_key, moved) == 1

    (row,) = await installation.catalog.audit_heads(tenant.placement.tenant_id)
    statement = audit.statement(tenant.placement.tenant_id, Head(3, b"h" * 32))
    assert (row["seq"], row["hash"]) == (3, b"h" * 32)
    assert is_genuine(row["public"], statement, row["signature"])
    assert not is_genuine(row["public"], statement + b"!", row["signature"])
