"""[G2] Actions are known by name, and refused to those without a role that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import capabilities, permissions
from services.permissions.actions import ActionNotAllowed

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


def test_what_is_offered_is_declared() -> None:
    assert capabilities.CAPABILITIES
    assert "lead.convert" in permissions.actions()


@pytest.mark.parametrize("person", ["admin", "director", "manager", "sales"])
async def test_the_standard_roles_have_it(shared_tenant: Tenant, person: str) -> None:
    assert (await shared_tenant.read(permissions.policy, person=person)).may("lead.convert")


async def test_others_are_refused(shared_tenant: Tenant) -> None:
    with pytest.raises(ActionNotAllowed) as refused:
        await shared_tenant.read(lambda work: permissions.require_action(work, "lead.convert"), person="service")

    assert refused.value.details == {"action": "lead.convert"}
