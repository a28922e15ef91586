"""[G2] What the roles of a user come to, of objects that there are, without what is closed."""

from __future__ import annotations

from dataclasses import replace
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


async def test_of_a_token_it_is_what_its_scopes_leave(shared_tenant: Tenant) -> None:
    token = replace(shared_tenant.principal("finance"), scopes=("customer:read", "receipt:read"))
    narrowed = replace(shared_tenant, principals={"token": token})

    found = await narrowed.read(explaining.effective_permissions, person="token")

    assert {each.name: dict(each.scopes) for each in found.objects} == {
        "customer": {"read": ("all",)},
        "receipt": {"read": ("all",)},
    }
    assert {name: level for each in found.objects for name, level, _ in each.fields if name in {"phone", "email"}} == {
        "email": "none",
        "phone": "none",
    }
