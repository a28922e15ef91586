"""[G7] What operators do stands in the tenant's audit, with the account that did it."""

from __future__ import annotations

from cli import deeds
from tests.builders.deeds import ACCOUNT, entries_of
from tests.builders.tenants import Tenant


async def test_a_deed_is_told_with_the_account_of_the_machine(tenant: Tenant) -> None:
    await deeds.tell(tenant.installation, tenant.placement, "key.rotated", {"kid": "k"})

    assert await entries_of(tenant.installation.settings, tenant.placement.slug, "key.") == [
        ("key.rotated", "system", ACCOUNT)
    ]
