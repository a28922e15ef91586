"""[G2] What the roles of a user come to, of objects that there are, without what is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import explaining

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_only_open_objects_are_named(shared_tenant: Tenant) -> None:
    found = await shared_tenant.read(explaining.effective_permissions, person="finance")

    scopes = {each.name: dict(each.scopes) for each in found.objects}
    assert scopes["customer"] == {"read": ("all",)}
    assert scopes["receipt"]["delete"] == ("own", "shared")
    assert (scopes["user"], "auditEntry" in scopes) == ({"read": ("all",)}, False)
    assert (found.roles, found.may_define) == (("finance",), False)
