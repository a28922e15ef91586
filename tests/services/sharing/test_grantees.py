"""[G4] Exactly one is meant: somebody who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.sharing.grantees import grantee_of
from tenants.errors import Refused

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_a_user_is_meant(shared_tenant: Tenant) -> None:
    sales = shared_tenant.user_id("sales")

    found = await shared_tenant.read(lambda work: grantee_of(work, {"userId": str(sales), "teamId": None}))

    assert found == {"user_id": sales}


@pytest.mark.parametrize(
    ("names", "code"),
    [((), "ONE_GRANTEE"), (("userId", "departmentId"), "ONE_GRANTEE"), (("teamId",), "RELATION_NOT_FOUND")],
)
async def test_nobody_two_and_strangers_are_refused(shared_tenant: Tenant, names: tuple[str, ...], code: str) -> None:
    given = {name: shared_tenant.user_id("sales") for name in names}

    with pytest.raises(Refused) as refused:
        await shared_tenant.read(lambda work: grantee_of(work, given))

    assert [each.fault.code for each in refused.value.violations] == [code]
