"""The policy of one role is that of a user who holds nothing else, but for what a person alone has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services import permissions
from tests.builders import oauth

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


@pytest.mark.parametrize("name", ["sales", "director", "admin"])
async def test_policy_of_a_role_is_that_of_who_holds_it(shared_tenant: Tenant, name: str) -> None:
    role_id = await oauth.role_id(shared_tenant, name)

    of_role = await shared_tenant.read(lambda work: permissions.policy_of_role(work, role_id))
    of_user = await shared_tenant.read(lambda work: permissions.policy_of(work, shared_tenant.user_id(name)))

    assert of_role == of_user


async def test_role_that_is_gone_grants_nothing(shared_tenant: Tenant) -> None:
    found = await shared_tenant.read(lambda work: permissions.policy_of_role(work, UUID(int=7)))

    assert found == permissions.no_policy(found.version)
